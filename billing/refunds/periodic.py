"""Refunds that are due: new ones, lost answers, those that a killed worker left (BIL-16)."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from billing.refunds.models import Refund
from billing.refunds.services import make_refund
from billing.refunds.status import OPEN
from manager.kit.actor import Actor
from manager.kit.due import is_due
from manager.kit.errors import DomainError
from manager.kit.scope import tenant_scope

logger = logging.getLogger(__name__)

ACTOR = Actor.system("refunds")
LEASE = timedelta(seconds=120)
BATCH = 50


def drain_refunds(*, at: datetime) -> int:
    """Make all refunds due at `at`. Any number may run at once: each row is taken by one of them."""
    done = 0
    while batch := _claim(at):
        for row in batch:
            with tenant_scope(row.organization_id):
                done += _make(row, at)
    return done


def _claim(at: datetime) -> list[Refund]:
    """Take a batch of due rows under a new fence and lease, committed before anybody is called."""
    everywhere = Refund.objects.using("system")
    with transaction.atomic(using="system"):
        due = everywhere.filter(is_due("lease_until", at), status__in=sorted(OPEN))
        rows = list(due.select_for_update(skip_locked=True).order_by("lease_until", "pk")[:BATCH])
        for row in rows:
            row.fence += 1
            row.lease_until = at + LEASE
        everywhere.bulk_update(rows, ["fence", "lease_until"])
    return rows


def _make(claimed: Refund, at: datetime) -> bool:
    """Make one refund; one that fails is tried again when its lease ends, and stops nobody."""
    row = Refund.objects.select_related("attempt").get(organization_id=claimed.organization_id, pk=claimed.pk)
    if row.fence != claimed.fence:
        return False
    try:
        make_refund(refund=row, actor=ACTOR, at=at)
    except DomainError as error:
        logger.warning("Refund %s could not be made: %s", row.pk, error)
        return False
    except Exception:  # one refund must not stop the others
        logger.exception("Refund %s could not be made.", row.pk)
        return False
    return True
