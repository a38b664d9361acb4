"""The life of a withdrawal."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class WithdrawalStatus(models.TextChoices):
    """Where a withdrawal stands."""

    REQUESTED = "requested", _("Requested")
    APPROVED = "approved", pgettext_lazy("a withdrawal", "Approved")
    SENT = "sent", _("On its way")
    PAID = "paid", _("Paid out")
    RETURNED = "returned", _("Came back")
    REFUSED = "refused", pgettext_lazy("a withdrawal", "Refused")
    CANCELLED = "cancelled", pgettext_lazy("a withdrawal", "Cancelled")


W = WithdrawalStatus
TRANSITIONS: dict[str, frozenset[str]] = {
    W.REQUESTED: frozenset({W.APPROVED, W.REFUSED, W.CANCELLED}),
    W.APPROVED: frozenset({W.SENT, W.REFUSED}),
    W.SENT: frozenset({W.PAID, W.RETURNED}),
    W.PAID: frozenset({W.RETURNED}),  # a bank may give it back days later
    W.RETURNED: frozenset(),
    W.REFUSED: frozenset(),
    W.CANCELLED: frozenset(),
}

OPEN = frozenset({W.REQUESTED, W.APPROVED, W.SENT})
NOT_SENT = frozenset({W.REQUESTED, W.APPROVED})
"""In no file yet: it can still stay here."""
APPROVED_ONCE = frozenset({W.APPROVED, W.SENT, W.PAID, W.RETURNED})
BACK = frozenset({W.RETURNED, W.REFUSED, W.CANCELLED})
"""The money is on the prepaid account again."""
