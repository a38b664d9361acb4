"""Pages of webhooks."""

from organizations.webhooks.views.endpoints import (
    add_webhook,
    delete_webhook,
    disable_webhook,
    edit_webhook,
    enable_webhook,
    rotate_webhook_secret,
    webhooks,
)
from organizations.webhooks.views.messages import (
    resend_failed_webhook_messages,
    resend_webhook_message,
    test_webhook,
    webhook,
    webhook_message,
)

__all__ = [
    "add_webhook",
    "delete_webhook",
    "disable_webhook",
    "edit_webhook",
    "enable_webhook",
    "resend_failed_webhook_messages",
    "resend_webhook_message",
    "rotate_webhook_secret",
    "test_webhook",
    "webhook",
    "webhook_message",
    "webhooks",
]
