"""What the operator does for a domain under Renewal Warranty that was not renewed (PRD-12)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseStatus(models.TextChoices):
    """Where the case of one domain and expiry stands."""

    OPEN = "open", _("Owner to be reached")
    RENEWED = "renewed", _("Renewed at our risk")
    SETTLED = "settled", _("Renewed by the owner")
    ENDED = "ended", _("Ended")


C = CaseStatus

TRANSITIONS: dict[str, frozenset[str]] = {
    C.OPEN: frozenset({C.RENEWED, C.SETTLED, C.ENDED}),
    C.RENEWED: frozenset(),
    C.SETTLED: frozenset(),
    C.ENDED: frozenset(),
}


class Means(models.TextChoices):
    """By what the owner is contacted."""

    MAIL = "mail", _("Mail")
    SMS = "sms", _("SMS")
    PHONE = "phone", _("Phone")
    LETTER = "letter", _("Letter")


class Outcome(models.TextChoices):
    """What came of trying to reach the owner."""

    REACHED = "reached", _("Reached")
    TRIED = "tried", _("Tried, not reached")
    SENT = "sent", _("Sent")
    NOT_NEEDED = "not_needed", _("Not needed any more")
