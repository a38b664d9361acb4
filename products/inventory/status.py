"""The life of a product: its states, the steps between them, and groups with a name (PRD-8, PRD-11)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProductStatus(models.TextChoices):
    """Where a product stands in its life."""

    PENDING = "pending", _("Pending")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    REDEMPTION = "redemption", _("In redemption")
    TERMINATED = "terminated", _("Terminated")
    RELEASED = "released", _("Released")


S = ProductStatus

TRANSITIONS: dict[str, frozenset[str]] = {
    S.PENDING: frozenset({S.ACTIVE, S.TERMINATED}),
    S.ACTIVE: frozenset({S.SUSPENDED, S.REDEMPTION, S.TERMINATED}),
    S.SUSPENDED: frozenset({S.ACTIVE, S.REDEMPTION, S.TERMINATED}),
    S.REDEMPTION: frozenset({S.ACTIVE, S.RELEASED}),
    S.TERMINATED: frozenset(),
    S.RELEASED: frozenset(),
}

RUNNING = frozenset({S.ACTIVE})
RENEWABLE = frozenset({S.ACTIVE, S.SUSPENDED})
LIVING = RENEWABLE | {S.REDEMPTION}
ENDED = frozenset({S.TERMINATED, S.RELEASED})
# Of these the billing contacts are told by mail (PRD-8).
TOLD = frozenset({S.SUSPENDED, S.REDEMPTION}) | ENDED
