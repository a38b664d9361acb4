"""The life of a dispute."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DisputeStatus(models.TextChoices):
    """Where a dispute stands; the provider decides, we only follow."""

    OPEN = "open", _("Waits for our answer")
    REVIEW = "review", _("Being looked into")
    WON = "won", _("Decided for us")
    LOST = "lost", _("Decided against us")


D = DisputeStatus
UNDECIDED = frozenset({D.OPEN, D.REVIEW})

TRANSITIONS: dict[str, frozenset[str]] = {
    D.OPEN: frozenset({D.REVIEW, D.WON, D.LOST}),
    D.REVIEW: frozenset({D.OPEN, D.WON, D.LOST}),
    D.WON: frozenset(),
    D.LOST: frozenset(),
}
