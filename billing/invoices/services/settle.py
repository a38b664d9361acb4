"""Record that an invoice is paid, and give what was paid for (BIL-16, PRD-7)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Invoice
from billing.invoices.services.finalize import give_number, lock_invoice, post_issue
from billing.invoices.services.fulfil import fulfil_lines, read_lines, unfulfilled
from billing.invoices.services.lost_names import find_lost
from billing.invoices.status import PAYABLE, TRANSITIONS, InvoiceStatus
from billing.ledger.models import AccountKind
from billing.ledger.services import lock_accounts, post_journal
from billing.reservations.services import capture_reservations
from manager.kit.actor import Actor
from manager.kit.database.rows import update_row
from manager.kit.errors import DomainError
from manager.kit.status import transition
from manager.outbox.publish import publish
from organizations.audit.services import record_audit


class AlreadyPaid(DomainError):
    """The invoice is paid; nothing was taken twice."""

    code = "already_paid"
    message = _("This invoice is already paid.")


class NotPayable(DomainError):
    """The invoice is cancelled or void."""

    code = "not_payable"
    message = _("This invoice is cancelled and cannot be paid any more.")


@transaction.atomic
def settle_invoice(
    *,
    invoice: Invoice,
    source: AccountKind,
    reference: str,
    paid_with: str,
    actor: Actor,
    at: datetime,
    paid_from: Mapping[str, str] | None = None,
) -> Invoice:
    """Mark the whole invoice as paid from `source` and fulfil its lines; as `settle_locked`."""
    return settle_locked(
        invoice=lock_invoice(invoice),
        source=source,
        reference=reference,
        paid_with=paid_with,
        actor=actor,
        at=at,
        paid_from=paid_from,
    )


def settle_locked(
    *,
    invoice: Invoice,
    source: AccountKind,
    reference: str,
    paid_with: str,
    actor: Actor,
    at: datetime,
    paid_from: Mapping[str, str] | None = None,
) -> Invoice:
    """Mark an invoice that `lock_invoice` gave as paid, and fulfil its lines; publishes `invoice.paid`.

    In the transaction that holds its lock. What is set aside for the invoice pays its part of it; `source`
    pays the rest, which the caller has seen to be what it has (BIL-3).
    `reference` names the payment in the ledger, at most 80 characters; `paid_with` is shown to people;
    `paid_from` are the countries that the payment told, kept with the number (BIL-6).
    A draft gets its number here, as the last thing, so that the series is held as short as possible.
    What a product refuses does not undo the payment: its line stays unfulfilled and stands in the event. A
    change or a restore that cannot be carried out any more leaves its money on the prepaid account, and so
    does a domain whose name somebody else has paid first.

    :raises AlreadyPaid: it is paid already; the caller's payment must be given back or kept as balance.
    :raises NotPayable: it is cancelled or void.
    """
    require_payable(invoice)
    lost = find_lost(invoice=invoice)
    # Several movements follow: their accounts are taken at once and in one order, as everybody takes them.
    accounts = lock_accounts(organization=invoice.organization, currency=invoice.currency)
    # Read behind that lock: another payment of the same products has then extended them.
    lines = read_lines(invoice=invoice)
    is_draft = invoice.status == InvoiceStatus.DRAFT
    if is_draft:
        post_issue(invoice, sum(line.discount_amount for line in lines), at, accounts)
    _post_payment(invoice, source, reference, at, accounts)
    refused = fulfil_lines(invoice=invoice, lines=unfulfilled(lines), lost=lost, actor=actor, at=at)
    if is_draft:
        transition(invoice, InvoiceStatus.OPEN, TRANSITIONS)
        give_number(invoice, at, paid_from=paid_from)
    transition(invoice, InvoiceStatus.PAID, TRANSITIONS)
    invoice.paid_at = at
    invoice.paid_with = paid_with[:120]
    update_row(invoice, ("status", "paid_at", "paid_with"))
    record_audit(
        organization_id=invoice.organization_id,
        name="invoice.paid",
        actor=actor,
        at=at,
        subject=invoice,
        paid_with=paid_with,
        unfulfilled=refused,
    )
    publish(
        "invoice.paid",
        organization_id=invoice.organization_id,
        payload={
            "invoice": invoice.pk,
            "number": invoice.number,
            "origin": invoice.origin,
            "unfulfilled": refused,
        },
        at=at,
    )
    return invoice


@transaction.atomic
def settle_free(*, invoice: Invoice, actor: Actor, at: datetime) -> Invoice:
    """Settle an invoice over nothing at once, as no payment can be made for it (PRD-7).

    One over a sum is given back as it is.

    :raises AlreadyPaid: it is settled already.
    :raises NotPayable: it is cancelled or void.
    """
    if invoice.total_amount:
        return invoice
    return settle_invoice(
        invoice=invoice,
        source=AccountKind.PREPAID,
        reference=f"invoice:{invoice.pk}:free",
        paid_with="",
        actor=actor,
        at=at,
    )


def require_payable(invoice: Invoice) -> None:
    """Refuse an invoice that does not wait for its payment.

    :raises AlreadyPaid: it is paid.
    :raises NotPayable: it is cancelled or void.
    """
    if invoice.status == InvoiceStatus.PAID:
        raise AlreadyPaid(invoice=invoice.pk)
    if invoice.status not in PAYABLE:
        raise NotPayable(invoice=invoice.pk)


def _post_payment(
    invoice: Invoice, source: AccountKind, reference: str, at: datetime, accounts: Mapping[str, int]
) -> None:
    rest = invoice.total - capture_reservations(invoice=invoice, at=at)
    post_journal(
        organization=invoice.organization,
        reference=reference,
        kind="invoice_paid",
        currency=invoice.currency,
        invoice_id=invoice.pk,
        entries=[(source, -rest.amount), (AccountKind.RECEIVABLE, rest.amount)],
        at=at,
        accounts=accounts,
    )
