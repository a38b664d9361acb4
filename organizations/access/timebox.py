"""Rights that end: the one mechanism of every time-boxed right (ORG-13, ORG-15).

A right counts from `starts_at` up to, not including, `ends_at`, and no longer once `ended_at` is set. Whoever
asks compares with the moment of asking, so a right is over at its end whether or not any periodic work has
run; `organizations.access.periodic` only writes down that it ended.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from organizations.tenancy.models import OrganizationOwned


class TimeBoxed(OrganizationOwned):
    """A right with a beginning and maybe an end; `ended_at`: taken back then, or found to be over."""

    starts_at = models.DateTimeField(db_default=Now())
    ends_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Nobody, where it ended by itself.
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def last_moment(self) -> datetime | None:
        """The last second at which the right counts; None without an end."""
        return None if self.ends_at is None else self.ends_at - timedelta(seconds=1)

    def is_live(self, at: datetime) -> bool:
        """Return whether the right counts at `at`."""
        has_begun = self.starts_at <= at
        return has_begun and self.ended_at is None and (self.ends_at is None or at < self.ends_at)


def live(at: datetime) -> Q:
    """Return the condition for rows of a TimeBoxed model that count at `at`."""
    return Q(starts_at__lte=at, ended_at=None) & (Q(ends_at=None) | Q(ends_at__gt=at))


def end_right(right: TimeBoxed, *, by_user_id: int | None, at: datetime) -> None:
    """Take a right back now; the caller holds its row's lock and writes the audit log."""
    right.ended_at = at
    right.ended_by_id = by_user_id
    right.save(update_fields=["ended_at", "ended_by"])
