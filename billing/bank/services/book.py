"""Book an entry: its money pays what it was sent for, once, in one transaction (BIL-16, BIL-17)."""

import logging
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.bank.models import BankReceipt, StatementEntry
from billing.bank.services.journal import note_decision
from billing.bank.status import OPEN, TRANSITIONS, EntryStatus, Received
from billing.invoices.models import Invoice
from billing.ledger.models import AccountKind
from billing.ledger.services import post_journal
from billing.payments.errors import InvoiceNotPayable, PaymentInProgress
from billing.payments.services.cancel import make_room
from billing.payments.services.settle_by_transfer import Used, credit_transfer, settle_by_transfer
from manager.kit.actor import Actor, ActorKind
from manager.kit.errors import DomainError
from manager.kit.money import Money
from manager.kit.scope import tenant_scope
from manager.kit.status import transition
from manager.outbox.publish import publish
from organizations.audit.services import record_audit
from organizations.profile.models import Organization

logger = logging.getLogger(__name__)


class EntryClosed(DomainError):
    """The entry is booked or set aside; nothing was booked twice."""

    code = "entry_closed"
    message = _("This entry is already dealt with.")


def book_entry(
    *, entry: StatementEntry, organization_id: int, invoice_id: int | None, actor: Actor, at: datetime
) -> BankReceipt:
    """Book the money of a credit for an invoice, or for the prepaid account where none is given.

    A payment of the invoice that somebody has begun elsewhere is closed before, as far as its provider lets
    us: what it takes nevertheless goes to the prepaid account. Money for a draft that was taken into another
    invoice pays that one. Publishes `transfer.received`.

    :raises EntryClosed: it is booked already, is not open, or money went out.
    """
    with tenant_scope(organization_id):
        if invoice_id is not None:
            invoice_id = _present(organization_id, invoice_id)
            _close_other_payment(organization_id, invoice_id, actor, at)
        with transaction.atomic(durable=True):
            row = lock_entry(entry)
            if row.status not in OPEN or not row.is_credit:
                raise EntryClosed
            organization = Organization.objects.get(pk=organization_id)
            receipt, missing = _post(row, organization, invoice_id, actor, at)
            row.candidate_organization, row.candidate_invoice = organization_id, invoice_id
            transition(row, EntryStatus.BOOKED, TRANSITIONS)
            row.save()
            if actor.kind == ActorKind.STAFF:
                note_decision(row, "booked", actor, at, organization=organization_id, invoice=invoice_id)
            _tell(receipt, missing, actor, at)
    return receipt


def lock_entry(entry: StatementEntry) -> StatementEntry:
    """Return the entry as it stands, with its row locked until the transaction ends."""
    return StatementEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)


def _present(organization_id: int, invoice_id: int) -> int:
    """Return the invoice that stands for this one now: that which a draft was taken into, else itself."""
    found = Invoice.objects.filter(organization_id=organization_id, pk=invoice_id, replaced_by__isnull=False)
    return found.values_list("replaced_by_id", flat=True).first() or invoice_id


def _close_other_payment(organization_id: int, invoice_id: int, actor: Actor, at: datetime) -> None:
    invoice = Invoice.objects.filter(organization_id=organization_id, pk=invoice_id).first()
    if invoice is None or not invoice.is_payable:
        return
    try:
        with suppress(InvoiceNotPayable, PaymentInProgress):
            make_room(invoice=invoice, actor=actor, at=at)
    except DomainError:
        logger.warning("A payment of invoice %s could not be closed before a transfer.", invoice_id)


def _post(
    row: StatementEntry, organization: Organization, invoice_id: int | None, actor: Actor, at: datetime
) -> tuple[BankReceipt, Money]:
    """Post the money and return the receipt, with what the invoice costs still."""
    if invoice_id is None:
        credit_transfer(
            organization=organization, money=row.paid, reference=row.ledger_reference, kind="top_up", at=at
        )
        zero = Money.zero(row.currency)
        used = Used(zero, row.paid, zero)
    else:
        invoice = Invoice.objects.get(organization_id=organization.pk, pk=invoice_id)
        used = settle_by_transfer(
            invoice=invoice,
            money=row.paid,
            reference=row.ledger_reference,
            payer_iban=row.name_iban,
            actor=actor,
            at=at,
        )
    _post_charges(row, organization, at)
    receipt = BankReceipt.objects.create(
        organization=organization,
        entry=row,
        invoice_id=invoice_id,
        kind=_kind(used),
        amount=row.paid.amount,
        to_invoice=used.for_invoice.amount,
        to_balance=used.for_balance.amount,
        charges=row.charges,
        currency=row.currency,
        received_on=row.value_on,
        payer=row.name,
        booked_at=at,
    )
    return receipt, used.missing


def _kind(used: Used) -> Received:
    if not used.for_invoice:
        return Received.BALANCE
    return Received.PART if used.missing else Received.SETTLED


def _post_charges(row: StatementEntry, organization: Organization, at: datetime) -> None:
    """Post what the bank kept: the customer paid it, so it is a cost of ours."""
    with translation.override(organization.language):
        text = gettext("Charges of the bank")
    post_journal(
        organization=organization,
        reference=f"{row.ledger_reference}:charges",
        kind="bank_charges",
        currency=row.currency,
        description=text,
        entries=[(AccountKind.FEES, -row.charges), (AccountKind.BANK, row.charges)],
        at=at,
    )


def _tell(receipt: BankReceipt, missing: Money, actor: Actor, at: datetime) -> None:
    facts = {
        "receipt": receipt.pk,
        "invoice": receipt.invoice_id,
        "kind": str(receipt.kind),
        "amount": receipt.amount,
        "to_invoice": receipt.to_invoice,
        "to_balance": receipt.to_balance,
        "missing": missing.amount,
        "currency": receipt.currency,
    }
    record_audit(
        organization_id=receipt.organization_id,
        name="transfer.received",
        actor=actor,
        at=at,
        subject=receipt,
        **facts,
    )
    publish("transfer.received", organization_id=receipt.organization_id, payload=facts, at=at)
