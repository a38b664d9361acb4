"""The janitor of payments: what a crash or a lost answer left is settled by asking the provider (BIL-16)."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from billing.payments.models import PaymentAttempt
from billing.payments.services import keep_means
from billing.payments.services.begin import LEASE
from billing.payments.services.refresh import look
from billing.payments.status import OPEN, AttemptStatus
from manager.kit.actor import Actor
from manager.kit.crew import Crew
from manager.kit.due import is_due
from manager.kit.errors import DomainError
from manager.kit.nudge import works_alone
from manager.kit.scope import tenant_scope

logger = logging.getLogger(__name__)

JANITOR = Actor.system("payments")

BUDGET = timedelta(seconds=25)
"""After so long nothing more is claimed: the other periodic work has its turn first."""


def drain_stale_attempts(*, at: datetime) -> int:
    """Settle all attempts due at `at`: expired leases, lost answers, people who did not come back.

    Any number may run at once: each row is taken by one of them, only when somebody is free to ask about it.
    As many are asked about at once as charges are made, at the pace that both keep together. Returns how many
    were asked about.
    """
    at_once = 1 if works_alone() else max(1, settings.CHARGES_AT_ONCE)
    if at_once == 1:
        done = 0
        while units := _claim(at, 1):
            done += _in_scope(units[0], at)
        return done
    crew, done = Crew(_in_scope, at=at, most=at_once), 0
    try:
        while True:
            crew.give(_claim(crew.moment, crew.free) if crew.worked < BUDGET else [])
            if crew.is_idle:
                return done
            done += bool(crew.next_result())
    finally:
        crew.dismiss()


def _in_scope(row: PaymentAttempt, at: datetime) -> bool:
    with tenant_scope(row.organization_id):
        return _clear_up(row, at=at)


def _claim(at: datetime, most: int) -> list[PaymentAttempt]:
    """Take up to `most` due rows under a new fence and lease, committed before anybody is asked."""
    means_to_save = Q(status=AttemptStatus.SUCCEEDED, saves_means=True, method=None)
    everywhere = PaymentAttempt.objects.using("system")
    with transaction.atomic(using="system"):
        due = everywhere.filter(Q(status__in=sorted(OPEN)) | means_to_save, is_due("lease_until", at))
        rows = list(due.select_for_update(skip_locked=True).order_by("lease_until", "pk")[:most])
        for row in rows:
            row.fence += 1
            row.lease_until = at + LEASE
        everywhere.bulk_update(rows, ["fence", "lease_until"])
    return rows


def _clear_up(claimed: PaymentAttempt, *, at: datetime) -> bool:
    """Ask about one row; one that fails is tried again when its lease ends, and stops nobody."""
    row = PaymentAttempt.objects.select_related("organization", "method", "invoice").get(pk=claimed.pk)
    if row.fence != claimed.fence:
        return False
    try:
        if row.is_open:
            look(taken=row, actor=JANITOR, at=at)
        elif row.saves_means and row.method_id is None:
            keep_means(attempt=row, actor=JANITOR, at=at)
    except DomainError as error:
        logger.warning("Attempt %s could not be cleared up: %s", row.pk, error)
        return False
    except Exception:  # one attempt must not stop the others
        logger.exception("Attempt %s could not be cleared up.", row.pk)
        return False
    return True
