"""REST operations on tasks."""

from django.urls import path

from organizations.progress import api

HERE = "organizations/<organization>/tasks"

urlpatterns = [
    path(HERE, api.TaskList.as_view(), name="tasks"),
    path(f"{HERE}/<int:task_id>", api.TaskDetail.as_view(), name="task"),
]
