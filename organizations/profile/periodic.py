"""Ask the registers of VAT numbers: take a row under a lease, ask, keep the answer (ORG-4)."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from manager.kit.actor import Actor
from manager.kit.due import is_due
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization, VatCheck
from organizations.profile.services.vat import (
    answer_vat_check,
    ask_number,
    forget_numbers,
    postpone_vat_check,
)
from organizations.profile.vat_checks import RegisterUnavailable, find_register

logger = logging.getLogger(__name__)

BATCH = 20
LEASE = timedelta(minutes=10)
ACTOR = Actor.system("vat-checks")


def drain_vat_checks(*, at: datetime) -> int:
    """Ask about every number due at `at`, those whose answer is 90 days old again; return how many answered.

    A register that does not answer is asked again later and later, up to twice a day.
    """
    _repeat_old(at)
    answered = 0
    while taken := _take(at):
        answered += sum(_ask(check, at) for check in taken)
    return answered


def _repeat_old(at: datetime) -> None:
    old = VatCheck.objects.using("system").filter(recheck_at__lte=at).order_by("recheck_at", "pk")
    for organization_id, number in list(old.values_list("organization_id", "number")[:200]):
        with tenant_scope(organization_id), transaction.atomic():
            row = Organization.objects.select_for_update().get(pk=organization_id)
            forget_numbers(organization=row)
            if VatCheck.objects.filter(organization_id=row.pk, number=number, recheck_at__lte=at).exists():
                ask_number(organization=row, number=number, at=at)


def _take(at: datetime) -> list[VatCheck]:
    """Take a batch under a lease, before any register is asked."""
    with transaction.atomic(using="system"):
        due = VatCheck.objects.using("system").filter(is_due("due_at", at), due_at__isnull=False)
        ids = list(
            due.select_for_update(skip_locked=True)
            .order_by("due_at", "pk")
            .values_list("pk", flat=True)[:BATCH]
        )
        mine = VatCheck.objects.using("system").filter(pk__in=ids)
        mine.update(due_at=at + LEASE, fence=F("fence") + 1, attempts=F("attempts") + 1)
        return list(mine.order_by("pk"))


def _ask(check: VatCheck, at: datetime) -> bool:
    register = find_register(check.number)
    if register is None:  # the operator has taken it away since
        postpone_vat_check(check=check, reason="NO_REGISTER", at=at)
        return False
    try:
        answer = register.look_up(prefix=check.number[:2], number=check.number[2:])
    except RegisterUnavailable as error:
        logger.info("The VAT number of organization %s: %s", check.organization_id, error)
        postpone_vat_check(check=check, reason=str(error), at=at)
        return False
    return answer_vat_check(check=check, answer=answer, actor=ACTOR, at=at)
