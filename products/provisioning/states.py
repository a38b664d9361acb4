"""The states of a service at its driver, and of an action on it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ServiceState(models.TextChoices):
    """How a service stands, or is wanted to stand, at its driver."""

    ABSENT = "absent", _("Not set up yet")
    RUNNING = "running", _("Running")
    SUSPENDED = "suspended", _("Suspended")
    GONE = "gone", _("Removed")


class ActionStatus(models.TextChoices):
    """Where an action stands that somebody asked for."""

    WAITING = "waiting", _("Pending")
    RUNNING = "running", _("Under way")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", pgettext_lazy("an action", "Cancelled")


A = ActionStatus

# A failed try waits for the next one; what failed for good waits again, or is given up, when staff say so.
ACTION_TRANSITIONS: dict[str, frozenset[str]] = {
    A.WAITING: frozenset({A.RUNNING, A.CANCELLED}),
    A.RUNNING: frozenset({A.WAITING, A.DONE, A.FAILED}),
    A.FAILED: frozenset({A.WAITING, A.CANCELLED}),
    A.DONE: frozenset(),
    A.CANCELLED: frozenset(),
}

TASK = "product_action"
"""The kind of task that an action is."""

OPEN_ACTIONS = frozenset({A.WAITING, A.RUNNING})
