"""Files of periods that are wanted, and those whose days are over (BIL-19)."""

import logging
from datetime import datetime

from django.db import transaction

from billing.archives.models import PeriodArchive
from billing.archives.services import LEASE, drop_expired, make_archive
from manager.kit.due import is_due

logger = logging.getLogger(__name__)

BATCH = 5


def drain_archives(*, at: datetime) -> int:
    """Make what waits and drop what is over; any number may run at once, each file is made by one of them."""
    done = drop_expired(at=at)
    for row in _claim(at):
        try:
            done += make_archive(archive=row, at=at)
        except Exception:  # one file must not stop the others; it is tried again when its lease ends
            logger.exception("The file of a period %s could not be made.", row.pk)
    return done


def _claim(at: datetime) -> list[PeriodArchive]:
    """Take some rows under a new fence and lease, committed before anything is written."""
    everywhere = PeriodArchive.objects.using("system")
    with transaction.atomic(using="system"):
        due = everywhere.filter(is_due("lease_until", at), ready_at=None)
        rows = list(due.select_for_update(skip_locked=True).order_by("lease_until", "pk")[:BATCH])
        for row in rows:
            row.fence += 1
            row.lease_until = at + LEASE
        everywhere.bulk_update(rows, ["fence", "lease_until"])
    return [PeriodArchive.objects.using("system").get(pk=row.pk) for row in rows]
