"""Set money aside for an invoice, use it, or give it back (BIL-3, BIL-7, BIL-16).

All verbs run inside one transaction with their cause, and take the locks of the house in their order: the
invoice, then the accounts.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Invoice
from billing.ledger.models import AccountKind
from billing.ledger.services import lock_accounts, post_journal
from billing.reservations.models import Reservation, ReservationSource
from billing.reservations.selectors import due_of, list_open_of, open_reservations, reserved_for
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.money import Money
from organizations.audit.services import record_audit

NOT_BELOW_ZERO = "prepaid_not_negative"
SOURCES = {
    ReservationSource.PREPAID: AccountKind.PREPAID,
    ReservationSource.TRANSFER: AccountKind.BANK,
}
KINDS = {ReservationSource.PREPAID: "reserved", ReservationSource.TRANSFER: "transfer_reserved"}


class TooMuchReserved(DomainError):
    """More than the invoice still costs, nothing at all, or another currency."""

    code = "too_much_reserved"
    message = _("This is more than the invoice still costs.")


class NotReservable(DomainError):
    """The invoice does not wait for money any more."""

    code = "invoice_not_payable"
    message = _("This invoice does not wait for a payment any more.")


class BalanceTooLow(DomainError):
    """The prepaid account does not hold what shall be set aside."""

    code = "insufficient_balance"
    message = _("The balance of the prepaid account is not enough.")


class ReservationKeyReused(DomainError):
    """The key names a reservation of something else."""

    code = "reservation_key_reused"
    message = _("This sum is already set aside for something else.")


def reserve_prepaid(
    *, invoice: Invoice, money: Money, key: str, actor: Actor, at: datetime, attempt_id: int | None = None
) -> Reservation:
    """Set `money` of the prepaid account aside for `invoice` (prepaid to reserved), and return that.

    A `key` that was used for just this gives that reservation back. `attempt_id` is the payment that charges
    the rest.

    :raises NotReservable: the invoice is paid, cancelled or void.
    :raises TooMuchReserved: more than the invoice still costs, or not in its currency.
    :raises BalanceTooLow: the balance is smaller; the account is never below zero.
    :raises ReservationKeyReused: the key names another reservation.
    """
    try:
        with transaction.atomic():
            return _reserve(ReservationSource.PREPAID, invoice, money, key, actor, at, attempt_id)
    except IntegrityError as error:
        if NOT_BELOW_ZERO in str(error):
            raise BalanceTooLow from error
        raise


def reserve_transfer(*, invoice: Invoice, money: Money, key: str, actor: Actor, at: datetime) -> Reservation:
    """Set a transfer's `money` aside for `invoice` (bank to reserved) until the rest has come (BIL-17).

    :raises NotReservable: the invoice is paid, cancelled or void.
    :raises TooMuchReserved: more than the invoice still costs: what is over goes to the prepaid account.
    :raises ReservationKeyReused: the key names another reservation.
    """
    with transaction.atomic():
        return _reserve(ReservationSource.TRANSFER, invoice, money, key, actor, at, None)


def _reserve(  # noqa: PLR0917  (what both sources share)
    source: ReservationSource,
    invoice: Invoice,
    money: Money,
    key: str,
    actor: Actor,
    at: datetime,
    attempt_id: int | None,
) -> Reservation:
    locked = _lock(invoice)
    known = Reservation.objects.filter(organization_id=locked.organization_id, key=key).first()
    if known is not None:
        if (known.invoice_id, known.source, known.money) != (locked.pk, source, money):
            raise ReservationKeyReused(key=key)
        return known
    if not locked.is_payable:
        raise NotReservable(status=str(locked.status))
    if money.currency != locked.currency or not 0 < money.amount <= due_of(invoice=locked).amount:
        raise TooMuchReserved(invoice=locked.pk)
    row = Reservation.objects.create(
        organization_id=locked.organization_id,
        invoice=locked,
        attempt_id=attempt_id,
        source=source,
        amount=money.amount,
        currency=money.currency,
        key=key,
        created_at=at,
    )
    _post(row, locked, "", KINDS[source], SOURCES[source], AccountKind.RESERVED, at)
    record_audit(
        organization_id=locked.organization_id,
        name="invoice.part_reserved",
        actor=actor,
        at=at,
        subject=locked,
        amount=money.amount,
        source=str(source),
    )
    return row


def capture_reservations(*, invoice: Invoice, at: datetime) -> Money:
    """Use all that is set aside to pay `invoice` (reserved to receivable); return its sum.

    Called in the transaction that settles the invoice, with its row locked.
    """
    rows = list_open_of(invoice=invoice)
    for row in rows:
        row.captured_at = at
        row.save(update_fields=["captured_at"])
        _post(row, invoice, ":captured", "invoice_paid", AccountKind.RESERVED, AccountKind.RECEIVABLE, at)
    return Money.total((row.money for row in rows), invoice.currency)


@transaction.atomic
def release_reservations(
    *, invoice: Invoice, at: datetime, attempt_id: int | None = None, key: str = ""
) -> Money:
    """Put what is set aside for `invoice` on the prepaid account; return its sum.

    With `attempt_id` only what waits for that payment, with `key` only that one. Called when the rest failed
    for good, the invoice was cancelled, or it was paid in another way. Repeating it changes nothing.
    """
    locked = _lock(invoice)
    rows = open_reservations(organization_id=locked.organization_id).filter(invoice=locked)
    if attempt_id is not None:
        rows = rows.filter(attempt_id=attempt_id)
    if key:
        rows = rows.filter(key=key)
    released = list(rows)
    if released:
        lock_accounts(organization=locked.organization, currency=locked.currency)
    for row in released:
        row.released_at = at
        row.save(update_fields=["released_at"])
        _post(row, locked, ":released", "released", AccountKind.RESERVED, AccountKind.PREPAID, at)
    return Money.total((row.money for row in released), locked.currency)


def _lock(invoice: Invoice) -> Invoice:
    return (
        Invoice.objects.select_for_update(of=("self",))
        .select_related("organization")
        .get(organization_id=invoice.organization_id, pk=invoice.pk)
    )


def _post(  # noqa: PLR0917  (a journal of two entries)
    row: Reservation,
    invoice: Invoice,
    step: str,
    kind: str,
    out_of: AccountKind,
    into: AccountKind,
    at: datetime,
) -> None:
    post_journal(
        organization=invoice.organization,
        reference=f"reservation:{row.pk}{step}",
        kind=kind,
        currency=row.currency,
        invoice_id=row.invoice_id,
        entries=[(out_of, -row.amount), (into, row.amount)],
        at=at,
    )


__all__ = [
    "BalanceTooLow",
    "NotReservable",
    "ReservationKeyReused",
    "TooMuchReserved",
    "capture_reservations",
    "due_of",
    "release_reservations",
    "reserve_prepaid",
    "reserve_transfer",
    "reserved_for",
]
