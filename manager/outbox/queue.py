"""What mails and text messages share: taken in batches under a lease, handed over under a lock."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from manager.kit.due import is_due

LEASE = timedelta(seconds=120)


def waiting(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return those of the rows that are neither sent nor given up."""
    return rows.filter(sent_at=None, quarantined_at=None)


def claim(rows: QuerySet[Any], *, size: int, at: datetime) -> QuerySet[Any]:
    """Take up to `size` rows due at `at` under a lease, committed before anything is sent; return them."""
    with transaction.atomic(using=rows.db):
        due = waiting(rows).filter(is_due("due_at", at)).select_for_update(skip_locked=True)
        ids = list(due.order_by("due_at", "pk").values_list("pk", flat=True)[:size])
        claimed = rows.filter(pk__in=ids)
        claimed.update(due_at=at + LEASE, attempts=F("attempts") + 1, fence=F("fence") + 1)
    return claimed


def send_once(row: Any, hand_over: Callable[[QuerySet[Any]], bool]) -> bool:
    """Send one row under its lock: whoever works as of another day cannot take it meanwhile.

    `hand_over` sends, notes on the row that it is given how that went, and returns whether it went well.
    """
    rows = type(row).objects.using(row._state.db)  # noqa: SLF001  (on which connection the row was read)
    mine = rows.filter(pk=row.pk, fence=row.fence, sent_at=None)
    with transaction.atomic(using=mine.db):
        if mine.select_for_update(skip_locked=True).only("pk").first() is None:
            return False
        return hand_over(mine)
