"""The life of an attempt to pay."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AttemptStatus(models.TextChoices):
    """Where an attempt stands; `unknown` means that the provider's answer was lost."""

    CREATED = "created", _("Prepared")
    REQUIRES_ACTION = "requires_action", _("Waiting for your confirmation")
    PENDING = "pending", _("Being carried out")
    UNKNOWN = "unknown", _("Being checked")
    SUCCEEDED = "succeeded", pgettext_lazy("a payment", "Paid")
    FAILED = "failed", pgettext_lazy("a payment", "Refused")
    CANCELLED = "cancelled", pgettext_lazy("a payment", "Cancelled")


A = AttemptStatus
_OPEN = frozenset({A.CREATED, A.REQUIRES_ACTION, A.PENDING, A.UNKNOWN})
_CLOSED = frozenset({A.FAILED, A.CANCELLED})

# Any open state may learn any other from the provider. A closed attempt can still turn out to be paid:
# money that arrived is the truth, whatever was thought before. A paid one is never left.
TRANSITIONS: dict[str, frozenset[str]] = {
    **{state: (_OPEN | _CLOSED | {A.SUCCEEDED}) - {state, A.CREATED} for state in _OPEN},
    **dict.fromkeys(_CLOSED, frozenset({A.SUCCEEDED})),
    A.SUCCEEDED: frozenset(),
}

OPEN = _OPEN
CLOSED = _CLOSED
FINAL = _CLOSED | {A.SUCCEEDED}
