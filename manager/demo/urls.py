"""Routes of the demonstration."""

from django.urls import path

from manager.demo.inbox import views

app_name = "demo"

urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/<int:message_id>/", views.message, name="message"),
    path("inbox/<int:message_id>/html/", views.html, name="message_html"),
    path("inbox/<int:message_id>/files/<int:attachment_id>/", views.attachment, name="attachment"),
]
