"""The verbs of withdrawals: prepaid to payouts with the request, payouts to bank when it is paid (BIL-7).

Each is one transaction of status and journal. Locks are taken in one order: the accounts, the withdrawal.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from stdnum import iban as iban_numbers
from stdnum.exceptions import ValidationError

from billing.ledger.models import AccountKind
from billing.ledger.selectors import get_balance
from billing.ledger.services import lock_accounts, post_journal
from billing.withdrawals.disputed import disputed_balance, is_held_back
from billing.withdrawals.errors import (
    BalanceDisputed,
    DestinationInvalid,
    HeldBack,
    NothingToPayOut,
    RequestKeyReused,
    SamePerson,
    WithdrawalOutOfRange,
    WithdrawalTooHigh,
)
from billing.withdrawals.models import PayoutBatch, PayoutMeans, Withdrawal
from billing.withdrawals.selectors import list_withdrawals_of_all
from billing.withdrawals.status import TRANSITIONS, WithdrawalStatus
from manager.kit.actor import Actor
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from manager.kit.status import transition
from manager.outbox.publish import publish
from organizations.audit.services import record_audit
from organizations.profile.models import Organization

LEAST = 100
"""The smallest withdrawal, in minor units: 1.00."""
NOT_BELOW_ZERO = "prepaid_not_negative"


@dataclass(frozen=True, slots=True)
class Destination:
    """Where money is paid to: an account number or an address at PayPal, in the name of `holder`."""

    means: PayoutMeans
    holder: str
    iban: str = ""
    paypal: str = ""

    def checked(self) -> "Destination":
        """Return it in its compact form.

        :raises DestinationInvalid: no account number, no address, or nobody's name.
        """
        if not self.holder.strip():
            raise DestinationInvalid(_("Please enter the name of the account's holder."), field="holder")
        if self.means == PayoutMeans.PAYPAL:
            if not self.paypal.strip():
                raise DestinationInvalid(_("Please enter the address of the PayPal account."), field="paypal")
            return Destination(PayoutMeans.PAYPAL, self.holder.strip(), paypal=self.paypal.strip())
        try:
            return Destination(PayoutMeans.IBAN, self.holder.strip(), iban=iban_numbers.validate(self.iban))
        except ValidationError as error:
            raise DestinationInvalid from error


def request_withdrawal(
    *,
    organization: Organization,
    money: Money,
    destination: Destination,
    request_key: str = "",
    actor: Actor,
    at: datetime,
) -> Withdrawal:
    """Take `money` off the prepaid account to have it paid out; publishes `withdrawal.requested`.

    Above the operator's limit two people approve it. The edges ask for a fresh proof of the person first.
    Repeated with `request_key` it is one.

    :raises WithdrawalOutOfRange: below 1.00, or not in the organization's currency.
    :raises DestinationInvalid: the account number or address is none.
    :raises WithdrawalTooHigh: the balance is smaller; it is never below zero.
    :raises BalanceDisputed: only with money of a disputed top-up it would be enough (BIL-14).
    :raises RequestKeyReused: the key was used for another sum or destination.
    """
    if money.amount < LEAST or money.currency != organization.currency:
        raise WithdrawalOutOfRange
    to = destination.checked()
    try:
        with transaction.atomic():
            lock_accounts(organization=organization, currency=money.currency)
            known = _find_same(organization, money, to, request_key)
            if known is not None:
                return known
            _require_undisputed(organization, money)
            row = Withdrawal.objects.create(
                organization_id=organization.pk,
                request_key=request_key,
                means=to.means,
                holder=to.holder,
                iban=to.iban,
                paypal=to.paypal,
                amount=money.amount,
                currency=money.currency,
                needs_two=money.amount > settings.WITHDRAWALS_FOUR_EYES_ABOVE,
                requested_by=actor.user_id,
                requested_by_name=actor.name[:200],
                requested_at=at,
            )
            _post(row, "", "withdrawal", row.amount, AccountKind.PREPAID, AccountKind.PAYOUTS, at)
            _tell(row, "withdrawal.requested", actor, at)
    except IntegrityError as error:
        if NOT_BELOW_ZERO in str(error):
            raise WithdrawalTooHigh from error
        raise
    return row


def _find_same(organization: Organization, money: Money, to: Destination, key: str) -> Withdrawal | None:
    """Return what an earlier sending of the same form asked for."""
    if not key:
        return None
    known = Withdrawal.objects.filter(organization_id=organization.pk, request_key=key).first()
    if known is None:
        return None
    same = Destination(PayoutMeans(known.means), known.holder, iban=known.iban, paypal=known.paypal)
    if (known.money, same) != (money, to):
        raise RequestKeyReused
    return known


def _require_undisputed(organization: Organization, money: Money) -> None:
    balance = get_balance(organization=organization, kind=AccountKind.PREPAID, currency=money.currency)
    disputed = disputed_balance(organization=organization, balance=balance)
    if balance - disputed < money <= balance:
        raise BalanceDisputed


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
    row = _lock(withdrawal)
    waits = row.status == WithdrawalStatus.REQUESTED
    if waits and actor.user_id in {row.requested_by, row.first_approved_by}:
        raise SamePerson
    if waits and row.needs_two and row.first_approved_by is None:
        row.first_approved_by, row.first_approved_by_name = actor.user_id, actor.name[:200]
        row.save()
        _tell(row, "withdrawal.approved_first", actor, at, published=False)
        return row
    transition(row, WithdrawalStatus.APPROVED, TRANSITIONS)
    row.approved_by, row.approved_by_name, row.approved_at = actor.user_id, actor.name[:200], at
    row.save()
    _tell(row, "withdrawal.approved", actor, at, published=False)
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
    row = _lock(withdrawal)
    if row.status != WithdrawalStatus.APPROVED:  # refused or sent by somebody else meanwhile
        return False
    if is_held_back(row):
        return False
    transition(row, WithdrawalStatus.SENT, TRANSITIONS)
    row.batch = batch
    row.save()
    _tell(row, "withdrawal.sent", actor, at, published=False)
    return True


@transaction.atomic
def pay_withdrawal(*, withdrawal: Withdrawal, actor: Actor, at: datetime) -> Withdrawal:
    """Note that the money has left our account (payouts to bank); publishes `withdrawal.ended`.

    :raises IllegalTransition: it is not in a file, or has ended.
    """
    lock_accounts(organization=withdrawal.organization, currency=withdrawal.currency)
    row = _lock(withdrawal)
    transition(row, WithdrawalStatus.PAID, TRANSITIONS)
    row.paid_at = row.ended_at = at
    row.save()
    _post(row, ":paid", "withdrawal_paid", row.amount, AccountKind.PAYOUTS, AccountKind.BANK, at)
    _tell(row, "withdrawal.ended", actor, at)
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
    row = _lock(withdrawal)
    out_of = AccountKind.BANK if row.status == WithdrawalStatus.PAID else AccountKind.PAYOUTS
    transition(row, status, TRANSITIONS)
    row.reason = reason.strip()[:250]
    row.return_charges = charges
    row.ended_at = at
    row.save()
    _post(row, ":back", "withdrawal_back", row.amount, out_of, AccountKind.PREPAID, at)
    if charges:
        _post(row, ":charges", "withdrawal_charges", charges, AccountKind.FEES, AccountKind.BANK, at)
    _tell(row, "withdrawal.ended", actor, at)
    return row


def _lock(withdrawal: Withdrawal) -> Withdrawal:
    return (
        Withdrawal.objects.select_for_update(of=("self",))
        .select_related("organization")
        .get(organization_id=withdrawal.organization_id, pk=withdrawal.pk)
    )


def _post(  # noqa: PLR0917  (a journal of two entries)
    row: Withdrawal, step: str, kind: str, amount: int, out_of: AccountKind, into: AccountKind, at: datetime
) -> None:
    post_journal(
        organization=row.organization,
        reference=f"withdrawal:{row.pk}{step}",
        kind=kind,
        currency=row.currency,
        entries=[(out_of, -amount), (into, amount)],
        description=row.destination_hidden,
        at=at,
    )


def _tell(row: Withdrawal, name: str, actor: Actor, at: datetime, *, published: bool = True) -> None:
    facts = {"withdrawal": row.pk, "amount": row.amount, "currency": row.currency, "status": str(row.status)}
    record_audit(organization_id=row.organization_id, name=name, actor=actor, at=at, subject=row, **facts)
    if published:
        publish(name, organization_id=row.organization_id, payload=facts, at=at)
