"""The states of endpoints and of messages, and the steps between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EndpointStatus(models.TextChoices):
    """Whether messages go to an endpoint."""

    ENABLED = "enabled", pgettext_lazy("an endpoint", "Enabled")
    DISABLED = "disabled", pgettext_lazy("an endpoint", "Disabled")


class MessageStatus(models.TextChoices):
    """What became of a message."""

    WAITING = "waiting", pgettext_lazy("a message", "Waiting")
    DELIVERED = "delivered", pgettext_lazy("a message", "Delivered")
    FAILED = "failed", pgettext_lazy("a message", "Given up")


class DisabledBy(models.TextChoices):
    """Why an endpoint is disabled."""

    PERSON = "person", _("Switched off by a member")
    FAILURES = "failures", _("Nothing was taken for three days")
    GONE = "gone", _("It answered that it is gone (410)")


ENDPOINT_STEPS: dict[str, frozenset[str]] = {
    EndpointStatus.ENABLED: frozenset({EndpointStatus.DISABLED}),
    EndpointStatus.DISABLED: frozenset({EndpointStatus.ENABLED}),
}
MESSAGE_STEPS: dict[str, frozenset[str]] = {
    MessageStatus.WAITING: frozenset({MessageStatus.DELIVERED, MessageStatus.FAILED}),
    MessageStatus.DELIVERED: frozenset({MessageStatus.WAITING}),
    MessageStatus.FAILED: frozenset({MessageStatus.WAITING}),
}
