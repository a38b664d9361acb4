"""The life of an offer to transfer a product."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TransferStatus(models.TextChoices):
    """Where an offer stands."""

    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


T = TransferStatus

TRANSITIONS: dict[str, frozenset[str]] = {
    T.OFFERED: frozenset({T.ACCEPTED, T.REFUSED, T.WITHDRAWN, T.EXPIRED}),
    T.ACCEPTED: frozenset(),
    T.REFUSED: frozenset(),
    T.WITHDRAWN: frozenset(),
    T.EXPIRED: frozenset(),
}
