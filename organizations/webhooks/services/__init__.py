"""What can be done with endpoints and messages."""

from organizations.webhooks.services.endpoints import (
    add_endpoint,
    change_endpoint,
    delete_endpoint,
    disable_endpoint,
    enable_endpoint,
    forget_endpoints,
    rotate_secret,
)
from organizations.webhooks.services.messages import resend_failed, resend_message, send_test

__all__ = [
    "add_endpoint",
    "change_endpoint",
    "delete_endpoint",
    "disable_endpoint",
    "enable_endpoint",
    "forget_endpoints",
    "resend_failed",
    "resend_message",
    "rotate_secret",
    "send_test",
]
