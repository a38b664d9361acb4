"""Decide on a withdrawal and end it: approve, send with a file, pay, refuse, cancel, give back (BIL-7)."""

from datetime import datetime

from django.db import transaction

from billing.ledger.models import AccountKind
from billing.ledger.services import lock_accounts
from billing.withdrawals.disputed import is_held_back
from billing.withdrawals.errors import (
    HeldBack,
    NothingToPayOut,
    SamePerson,
)
from billing.withdrawals.models import PayoutBatch, PayoutMeans, Withdrawal
from billing.withdrawals.selectors import list_withdrawals_of_all
from billing.withdrawals.services.steps import lock_withdrawal, post_withdrawal, tell_withdrawal
from billing.withdrawals.status import TRANSITIONS, WithdrawalStatus
from manager.kit.actor import Actor
from manager.kit.scope import tenant_scope
from manager.kit.status import transition


def cancel_withdrawal(*, withdrawal: Withdrawal, actor: Actor, at: datetime) -> Withdrawal:
    """Take a request back before staff approved it; the money is on the prepaid account again.

    :raises IllegalTransition: it is approved, sent or ended.
    """
    return _give_back(withdrawal, WithdrawalStatus.CANCELLED, "", actor, at)


def refuse_withdrawal(*, withdrawal: Withdrawal, reason: str, actor: Actor, at: datetime) -> Withdrawal:
    """Refuse a request that is not sent yet; the money is on the prepaid account again.

    :raises IllegalTransition: it is sent or ended.
    """
    return _give_back(withdrawal, WithdrawalStatus.REFUSED, reason, actor, at)


@transaction.atomic
def return_withdrawal(
    *, withdrawal: Withdrawal, reason: str, actor: Actor, at: datetime, charges: int = 0
) -> Withdrawal:
    """Note that the bank or PayPal gave a payment back; the money is on the prepaid account again.

    All of it: the `charges` that banks kept on the way, in minor units, are the operator's (fees to bank).

    :raises IllegalTransition: it was never sent, or has come back before.
    :raises IntegrityError: `charges` are not less than the sum.
    """
    return _give_back(withdrawal, WithdrawalStatus.RETURNED, reason, actor, at, charges=charges)


@transaction.atomic
def approve_withdrawal(*, withdrawal: Withdrawal, actor: Actor, at: datetime) -> Withdrawal:
    """Approve a request; above the limit the first of two people leaves it `requested` (four eyes).

    :raises SamePerson: the actor approved it before, or asked for it.
    :raises IllegalTransition: it does not wait for approval.
    """
    row = lock_withdrawal(withdrawal)
    waits = row.status == WithdrawalStatus.REQUESTED
    if waits and actor.user_id in {row.requested_by, row.first_approved_by}:
        raise SamePerson
    if waits and row.needs_two and row.first_approved_by is None:
        row.first_approved_by, row.first_approved_by_name = actor.user_id, actor.name[:200]
        row.save()
        tell_withdrawal(row, "withdrawal.approved_first", actor, at, published=False)
        return row
    transition(row, WithdrawalStatus.APPROVED, TRANSITIONS)
    row.approved_by, row.approved_by_name, row.approved_at = actor.user_id, actor.name[:200], at
    row.save()
    tell_withdrawal(row, "withdrawal.approved", actor, at, published=False)
    return row


def make_batch(*, means: PayoutMeans, currency: str, actor: Actor, at: datetime) -> PayoutBatch:
    """Put all approved withdrawals of a kind and currency into one new file for the bank or PayPal.

    Each is marked in its own commit: what a crash leaves out is in the next file, and nothing in two. What
    would take money of a disputed top-up out stays approved, and goes with a later file (BIL-14).

    :raises NothingToPayOut: none waits.
    :raises HeldBack: all that waits is held back by a dispute.
    """
    approved = list_withdrawals_of_all(status=WithdrawalStatus.APPROVED)
    rows = list(approved.filter(means=means, currency=currency).order_by("pk"))
    if not rows:
        raise NothingToPayOut
    batch = PayoutBatch.objects.create(
        means=means, currency=currency, made_by=actor.user_id or 0, made_by_name=actor.name[:200], made_at=at
    )
    sent = 0
    for row in rows:
        with tenant_scope(row.organization_id):
            sent += _send(row, batch, actor, at)
    if not sent:
        batch.delete()
        raise HeldBack
    return batch


@transaction.atomic
def _send(withdrawal: Withdrawal, batch: PayoutBatch, actor: Actor, at: datetime) -> bool:
    lock_accounts(organization=withdrawal.organization, currency=withdrawal.currency)
    row = lock_withdrawal(withdrawal)
    if row.status != WithdrawalStatus.APPROVED:  # refused or sent by somebody else meanwhile
        return False
    if is_held_back(row):
        return False
    transition(row, WithdrawalStatus.SENT, TRANSITIONS)
    row.batch = batch
    row.save()
    tell_withdrawal(row, "withdrawal.sent", actor, at, published=False)
    return True


@transaction.atomic
def pay_withdrawal(*, withdrawal: Withdrawal, actor: Actor, at: datetime) -> Withdrawal:
    """Note that the money has left our account (payouts to bank); publishes `withdrawal.ended`.

    :raises IllegalTransition: it is not in a file, or has ended.
    """
    lock_accounts(organization=withdrawal.organization, currency=withdrawal.currency)
    row = lock_withdrawal(withdrawal)
    transition(row, WithdrawalStatus.PAID, TRANSITIONS)
    row.paid_at = row.ended_at = at
    row.save()
    post_withdrawal(row, ":paid", "withdrawal_paid", row.amount, AccountKind.PAYOUTS, AccountKind.BANK, at)
    tell_withdrawal(row, "withdrawal.ended", actor, at)
    return row


@transaction.atomic
def _give_back(
    withdrawal: Withdrawal,
    status: WithdrawalStatus,
    reason: str,
    actor: Actor,
    at: datetime,
    *,
    charges: int = 0,
) -> Withdrawal:
    lock_accounts(organization=withdrawal.organization, currency=withdrawal.currency)
    row = lock_withdrawal(withdrawal)
    out_of = AccountKind.BANK if row.status == WithdrawalStatus.PAID else AccountKind.PAYOUTS
    transition(row, status, TRANSITIONS)
    row.reason = reason.strip()[:250]
    row.return_charges = charges
    row.ended_at = at
    row.save()
    post_withdrawal(row, ":back", "withdrawal_back", row.amount, out_of, AccountKind.PREPAID, at)
    if charges:
        post_withdrawal(
            row, ":charges", "withdrawal_charges", charges, AccountKind.FEES, AccountKind.BANK, at
        )
    tell_withdrawal(row, "withdrawal.ended", actor, at)
    return row
