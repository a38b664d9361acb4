"""The life of a change of an offer."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ChangeStatus(models.TextChoices):
    """Where a change stands: only shown, waiting for its payment, done, or taken back."""

    QUOTED = "quoted", _("Quoted")
    ACCEPTED = "accepted", _("Waiting for payment")
    APPLIED = "applied", _("Done")
    WITHDRAWN = "withdrawn", _("Taken back")


C = ChangeStatus

TRANSITIONS: dict[str, frozenset[str]] = {
    C.QUOTED: frozenset({C.ACCEPTED}),
    C.ACCEPTED: frozenset({C.APPLIED, C.WITHDRAWN}),
    C.APPLIED: frozenset(),
    C.WITHDRAWN: frozenset(),
}
