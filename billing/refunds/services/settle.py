"""Step three of a refund: what the provider said, the money and its credit note, in one commit (BIL-14)."""

from datetime import datetime, timedelta

from django.db import transaction

from billing.disputes.status import DisputeStatus
from billing.gateway.vocabulary import RefundResult, RefundState
from billing.invoices.models import Invoice
from billing.invoices.services.credit import REFUND, CreditedLine, credit_lines
from billing.invoices.services.finalize import lock_invoice
from billing.ledger.models import AccountKind
from billing.ledger.services import lock_accounts
from billing.refunds.models import Refund
from billing.refunds.services.disputed import DISPUTED, decision_on, post_given_by_bank
from billing.refunds.status import OPEN, TRANSITIONS, RefundStatus
from manager.kit.actor import Actor
from manager.kit.status import transition
from manager.outbox.publish import publish
from organizations.audit.services import record_audit

PENDING_FOR = timedelta(hours=1)
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(hours=6)
ALREADY_BACK = "charge_already_refunded"
"""The whole charge was given back at the provider itself, by hand: it is not given a second time."""


def settle_refund(*, refund: Refund, result: RefundResult, actor: Actor, at: datetime) -> Refund:
    """Record `result` for the refund as it was taken (its `fence`); publishes `refund.settled` at its end.

    Money that the means does not take back, or that came from the prepaid account, becomes balance.
    A result of an older fence changes nothing, except that the money has gone: that stays true.
    """
    with transaction.atomic(durable=True):
        invoice = lock_invoice(refund.invoice)
        lock_accounts(organization=invoice.organization, currency=refund.currency)
        row = Refund.objects.select_for_update(of=("self",)).get(
            organization_id=refund.organization_id, pk=refund.pk
        )
        if row.status not in OPEN:
            return row
        row.reference = result.reference or row.reference
        if result.state is RefundState.SUCCEEDED or result.failure_code == ALREADY_BACK:
            row.failure_code = result.failure_code[:60]
            _finish(row, invoice, RefundStatus.SUCCEEDED, actor, at)
        elif row.fence != refund.fence:
            return row
        elif result.failure_code == DISPUTED:
            _follow_dispute(row, invoice, actor, at)
        elif result.state is RefundState.FAILED:
            row.failure_code = result.failure_code[:60]
            _finish(row, invoice, RefundStatus.KEPT, actor, at)
        else:
            _wait(row, result.state, at)
        row.save()
    return row


def _follow_dispute(row: Refund, invoice: Invoice, actor: Actor, at: datetime) -> None:
    """Wait for the end of the dispute; after a lost one the payer has the money, after a won one we have."""
    decision = decision_on(row)
    if decision is None:
        _wait(row, RefundState.UNKNOWN, at)
        row.lease_until = at + LONGEST_WAIT
        return
    row.failure_code = DISPUTED
    if decision == DisputeStatus.WON:
        _finish(row, invoice, RefundStatus.KEPT, actor, at)
        return
    _finish(row, invoice, RefundStatus.SUCCEEDED, actor, at)
    post_given_by_bank(row, at)


def _wait(row: Refund, state: RefundState, at: datetime) -> None:
    is_pending = state is RefundState.PENDING
    status = RefundStatus.PENDING if is_pending else RefundStatus.UNKNOWN
    if row.status != status:
        transition(row, status, TRANSITIONS)
    row.lease_until = at + (PENDING_FOR if is_pending else wait_after(row.fence))


def wait_after(tries: int) -> timedelta:
    """Return how long after so many tries without an answer the provider is asked again."""
    factor: int = 2 ** min(tries, 12)
    return min(FIRST_WAIT * factor, LONGEST_WAIT)


def _finish(row: Refund, invoice: Invoice, status: RefundStatus, actor: Actor, at: datetime) -> None:
    to = AccountKind.PROVIDER if status == RefundStatus.SUCCEEDED else AccountKind.PREPAID
    row.credit_note = credit_lines(
        invoice=invoice,
        lines=[CreditedLine.from_json(line, row.currency) for line in row.lines],
        to=to,
        to_means=row.to_means if to == AccountKind.PROVIDER else None,
        reference=f"refund:{row.pk}",
        kind=REFUND,
        reason=row.reason,
        actor=actor,
        at=at,
    )
    transition(row, status, TRANSITIONS)
    row.finished_at = at
    row.lease_until = None
    facts = {
        "refund": row.pk,
        "invoice": row.invoice_id,
        "amount": row.amount,
        "to_means": row.to_means.amount if status == RefundStatus.SUCCEEDED else 0,
        "status": str(status),
    }
    record_audit(
        organization_id=row.organization_id, name="refund.settled", actor=actor, at=at, subject=row, **facts
    )
    publish(
        "refund.settled",
        organization_id=row.organization_id,
        payload={**facts, "origin_key": row.origin_key},
        at=at,
    )
