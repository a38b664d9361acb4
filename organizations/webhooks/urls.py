"""Pages of webhooks."""

from django.urls import path

from organizations.webhooks import views

HERE = "o/<int:organization_id>/webhooks/"
ONE = f"{HERE}<int:webhook_id>/"

urlpatterns = [
    path(HERE, views.webhooks, name="webhooks"),
    path(f"{HERE}add/", views.add_webhook, name="add_webhook"),
    path(ONE, views.webhook, name="webhook"),
    path(f"{ONE}edit/", views.edit_webhook, name="edit_webhook"),
    path(f"{ONE}secret/", views.rotate_webhook_secret, name="rotate_webhook_secret"),
    path(f"{ONE}enable/", views.enable_webhook, name="enable_webhook"),
    path(f"{ONE}disable/", views.disable_webhook, name="disable_webhook"),
    path(f"{ONE}delete/", views.delete_webhook, name="delete_webhook"),
    path(f"{ONE}test/", views.test_webhook, name="test_webhook"),
    path(f"{ONE}resend/", views.resend_failed_webhook_messages, name="resend_failed_webhook_messages"),
    path(f"{ONE}messages/<int:webhook_message_id>/", views.webhook_message, name="webhook_message"),
    path(
        f"{ONE}messages/<int:webhook_message_id>/resend/",
        views.resend_webhook_message,
        name="resend_webhook_message",
    ),
]
