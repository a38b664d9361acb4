"""REST operations on webhooks."""

from django.urls import path

from organizations.webhooks import api, messages_api

HERE = "organizations/<organization>/webhooks"
ONE = f"{HERE}/<int:webhook_id>"

urlpatterns = [
    path(HERE, api.WebhookList.as_view(), name="webhooks"),
    path(
        "organizations/<organization>/webhook-events", api.WebhookEventList.as_view(), name="webhook_events"
    ),
    path(ONE, api.WebhookDetail.as_view(), name="webhook"),
    path(f"{ONE}/secret", api.WebhookSecret.as_view(), name="rotate_webhook_secret"),
    path(f"{ONE}/enable", api.WebhookEnable.as_view(), name="enable_webhook"),
    path(f"{ONE}/disable", api.WebhookDisable.as_view(), name="disable_webhook"),
    path(f"{ONE}/test", messages_api.WebhookTest.as_view(), name="test_webhook"),
    path(f"{ONE}/resend", messages_api.WebhookResendFailed.as_view(), name="resend_failed_webhook_messages"),
    path(f"{ONE}/messages", messages_api.WebhookMessageList.as_view(), name="webhook_messages"),
    path(
        f"{ONE}/messages/<int:webhook_message_id>",
        messages_api.WebhookMessageDetail.as_view(),
        name="webhook_message",
    ),
    path(
        f"{ONE}/messages/<int:webhook_message_id>/resend",
        messages_api.WebhookMessageResend.as_view(),
        name="resend_webhook_message",
    ),
]
