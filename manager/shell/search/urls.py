"""Route of the search at the top."""

from django.urls import path

from manager.shell.search import views

urlpatterns = [path("o/<int:organization_id>/search/", views.search, name="search")]
