"""How far long work is, in the same words whatever the work is."""

from django.db import models
from django.utils.translation import pgettext_lazy


class TaskState(models.TextChoices):
    """Where a task stands. Work that failed and is tried again by itself is pending."""

    PENDING = "pending", pgettext_lazy("a task", "Pending")
    RUNNING = "running", pgettext_lazy("a task", "Running")
    DONE = "done", pgettext_lazy("a task", "Done")
    FAILED = "failed", pgettext_lazy("a task", "Failed")
    CANCELLED = "cancelled", pgettext_lazy("a task", "Cancelled")
