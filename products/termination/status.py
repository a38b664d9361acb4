"""The life of a wish to terminate products."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TerminationStatus(models.TextChoices):
    """Where a wish stands."""

    ASKED = "asked", _("Waits for the confirmation")
    CONFIRMED = "confirmed", _("Confirmed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Not confirmed in time")


class Reason(models.TextChoices):
    """Why products are terminated."""

    NOT_NEEDED = "not_needed", _("I do not need it any more")
    REPLACED = "replaced", _("I replace it by another product here")
    MOVED = "moved", _("I move to another provider")
    PRICE = "price", _("It is too expensive")
    QUALITY = "quality", _("It does not do what I expected")
    OTHER = "other", _("Another reason")


T = TerminationStatus

TRANSITIONS: dict[str, frozenset[str]] = {
    T.ASKED: frozenset({T.CONFIRMED, T.WITHDRAWN, T.EXPIRED}),
    T.CONFIRMED: frozenset(),
    T.WITHDRAWN: frozenset(),
    T.EXPIRED: frozenset(),
}
