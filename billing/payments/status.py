"""The life of an attempt to pay an invoice."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AttemptStatus(models.TextChoices):
    """Where an attempt stands; `unknown` means that the provider's answer was lost."""

    CREATED = "created", _("Prepared")
    SUBMITTED = "submitted", _("Sent to the provider")
    REQUIRES_ACTION = "requires_action", _("Waiting for your confirmation")
    PENDING = "pending", _("Being carried out")
    UNKNOWN = "unknown", _("Being checked")
    SUCCEEDED = "succeeded", _("Paid")
    FAILED = "failed", _("Refused")
    CANCELLED = "cancelled", _("Cancelled")


A = AttemptStatus
_OPEN = frozenset({A.CREATED, A.SUBMITTED, A.REQUIRES_ACTION, A.PENDING, A.UNKNOWN})
_FINAL = frozenset({A.SUCCEEDED, A.FAILED, A.CANCELLED})

# Any open state may learn any other from the provider; a final one is never left.
TRANSITIONS: dict[str, frozenset[str]] = {state: (_OPEN | _FINAL) - {state, A.CREATED} for state in _OPEN} | {
    state: frozenset() for state in _FINAL
}

OPEN = _OPEN
FINAL = _FINAL
