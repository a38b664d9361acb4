"""What the provider keeps of each charge: asked for after the payment, booked once (BIL-15)."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from billing.gateway.abilities import TellsFees
from billing.gateway.registry import gateway_for
from billing.ledger.models import AccountKind
from billing.ledger.services import post_journal
from billing.payments.models import PaymentAttempt
from billing.refunds.models import ChargeFee
from manager.kit.due import is_due
from manager.kit.errors import DomainError
from manager.kit.money import Money
from manager.kit.scope import tenant_scope

logger = logging.getLogger(__name__)

BATCH = 100
LEASE = timedelta(minutes=2)
FIRST_WAIT = timedelta(minutes=10)
LONGEST_WAIT = timedelta(hours=12)
MOST_TRIES = 12
"""Afterwards it is not asked any more: what no provider tells in days is booked by hand."""


def ask_later(*, attempt: PaymentAttempt, at: datetime) -> ChargeFee | None:
    """Store that the fee of a charge has to be asked for; None where the provider does not tell any."""
    if not attempt.charge_reference or not isinstance(gateway_for(attempt.gateway), TellsFees):
        return None
    row, _created = ChargeFee.objects.get_or_create(
        organization_id=attempt.organization_id,
        attempt=attempt,
        defaults={"currency": attempt.currency, "due_at": at},
    )
    return row


def drain_fees(*, at: datetime) -> int:
    """Ask for the fees that are due; return how many were told. Any number may run at once."""
    told = 0
    while batch := _claim(at):
        for row in batch:
            with tenant_scope(row.organization_id):
                told += _ask(row, at)
    return told


def _claim(at: datetime) -> list[ChargeFee]:
    everywhere = ChargeFee.objects.using("system")
    with transaction.atomic(using="system"):
        due = everywhere.filter(is_due("due_at", at), due_at__isnull=False)
        rows = list(due.select_for_update(skip_locked=True).order_by("due_at", "pk")[:BATCH])
        for row in rows:
            row.tries += 1
            row.due_at = at + LEASE
        everywhere.bulk_update(rows, ["tries", "due_at"])
    return rows


def _ask(claimed: ChargeFee, at: datetime) -> bool:
    row = ChargeFee.objects.select_related("attempt").get(
        organization_id=claimed.organization_id, pk=claimed.pk
    )
    provider = gateway_for(row.attempt.gateway)
    fee = None
    if isinstance(provider, TellsFees):
        try:
            fee = provider.fee_of(charge_reference=row.attempt.charge_reference)
        except DomainError as error:
            logger.warning("The fee of payment %s is not known: %s", row.attempt_id, error)
    if fee is None or fee.currency != row.currency:
        wait = min(FIRST_WAIT * 2 ** min(row.tries, 12), LONGEST_WAIT)
        ChargeFee.objects.filter(organization_id=row.organization_id, pk=row.pk, told_at=None).update(
            due_at=at + wait if row.tries < MOST_TRIES else None
        )
        return False
    record_fee(row=row, fee=fee, at=at)
    return True


@transaction.atomic
def record_fee(*, row: ChargeFee, fee: Money, at: datetime) -> None:
    """Book what the provider keeps: off its account, as a fee; once, whoever comes second."""
    locked = (
        ChargeFee.objects.select_for_update(of=("self",))
        .select_related("organization")
        .get(organization_id=row.organization_id, pk=row.pk)
    )
    if locked.told_at is not None:
        return
    locked.amount, locked.told_at, locked.due_at = fee.amount, at, None
    locked.save(update_fields=["amount", "told_at", "due_at"])
    post_journal(
        organization=locked.organization,
        reference=f"attempt:{locked.attempt_id}:fee",
        kind="fee",
        currency=fee.currency,
        entries=[(AccountKind.PROVIDER, fee.amount), (AccountKind.FEES, -fee.amount)],
        at=at,
    )
