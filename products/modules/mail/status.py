"""The life of what is set up on the mail servers: carried out by the driver, later than it was asked."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EntryStatus(models.TextChoices):
    """Where a mailbox, an alias or a redirection stands."""

    PENDING = "pending", _("Being set up")
    ACTIVE = "active", _("Active")
    FAILED = "failed", _("Failed")
    LEAVING = "leaving", _("Being deleted")


S = EntryStatus

# What has left has no row any more.
TRANSITIONS: dict[str, frozenset[str]] = {
    S.PENDING: frozenset({S.ACTIVE, S.FAILED, S.LEAVING}),
    S.ACTIVE: frozenset({S.PENDING, S.LEAVING}),
    S.FAILED: frozenset({S.PENDING, S.LEAVING}),
    S.LEAVING: frozenset(),
}


class RouteKind(models.TextChoices):
    """How an address without a mailbox of its own delivers."""

    ALIAS = "alias", _("Alias")
    REDIRECTION = "redirection", _("Redirection")
