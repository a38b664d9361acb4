"""The life of a product: its states, the steps between them, and groups with a name (PRD-8, PRD-11)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProductStatus(models.TextChoices):
    """Where a product stands in its life."""

    PENDING = "pending", _("Pending")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    REDEMPTION = "redemption", _("In redemption")
    TERMINATED = "terminated", _("Terminated")
    RELEASED = "released", pgettext_lazy("a product", "Released")


S = ProductStatus

# Each verb with the steps that it takes. Nothing else changes a status; the database has the same table.
STEPS: dict[str, dict[str, str]] = {
    "activate": {S.PENDING: S.ACTIVE},
    "suspend": {S.ACTIVE: S.SUSPENDED},
    "resume": {S.SUSPENDED: S.ACTIVE},
    "enter_redemption": {S.ACTIVE: S.REDEMPTION, S.SUSPENDED: S.REDEMPTION},
    "terminate": {S.PENDING: S.TERMINATED, S.ACTIVE: S.TERMINATED, S.SUSPENDED: S.TERMINATED},
    "restore": {S.REDEMPTION: S.ACTIVE, S.TERMINATED: S.ACTIVE},
    "release": {S.REDEMPTION: S.RELEASED},
}

TRANSITIONS: dict[str, frozenset[str]] = {
    status: frozenset(steps[status] for steps in STEPS.values() if status in steps) for status in S.values
}

RUNNING = frozenset({S.ACTIVE})
RENEWABLE = frozenset({S.ACTIVE, S.SUSPENDED})
LIVING = RENEWABLE | {S.REDEMPTION}
ENDED = frozenset({S.TERMINATED, S.RELEASED})
# Of these the billing contacts are told by mail (PRD-8).
TOLD = frozenset({S.SUSPENDED, S.REDEMPTION}) | ENDED
