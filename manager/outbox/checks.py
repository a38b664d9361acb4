"""Settings of the outbox that would only fail when the first message is to be sent."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Info, Tags, register
from django.utils.module_loading import import_string

from manager.outbox.sms import can_send_sms


@register(Tags.compatibility)
def examine_sms_sender(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a sender that cannot be made; tell that without one nobody gets codes by SMS."""
    if not can_send_sms():
        return [
            Info(
                "No sender of text messages is set up: codes by SMS are not offered.",
                hint="Set SMS_SENDER to the dotted path of a class with send(*, recipient, text, reference).",
                id="manager.I001",
            )
        ]
    try:
        sender = import_string(settings.SMS_SENDER)()
    except Exception as error:  # noqa: BLE001  (whatever its module raises is the finding)
        return [Error(f"SMS_SENDER cannot be used: {error}", id="manager.E010")]
    if not callable(getattr(sender, "send", None)):
        return [Error("SMS_SENDER has no method `send`.", id="manager.E010")]
    return []
