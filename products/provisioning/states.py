"""The states of a service at its driver."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ServiceState(models.TextChoices):
    """How a service stands, or is wanted to stand, at its driver."""

    ABSENT = "absent", _("Not set up yet")
    RUNNING = "running", _("Running")
    SUSPENDED = "suspended", _("Suspended")
    GONE = "gone", _("Removed")
