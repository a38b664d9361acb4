"""The journal of who may do what in the back office."""

import pgtrigger
from django.conf import settings
from django.db import models


class RightChange(models.Model):
    """A right of the back office, given or taken back. The database refuses to change or delete it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="right_changes")
    right = models.CharField(max_length=100)
    is_given = models.BooleanField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        permissions = [("see_staff", "See who is staff, and with which rights")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{'+' if self.is_given else '-'}{self.right} {self.user_id}"
