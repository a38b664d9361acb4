"""Void an issued invoice that is not paid, by a credit note over the whole of it (BIL-5)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import CreditNote, Invoice, InvoiceLine
from billing.invoices.services.finalize import issue_reference, lock_invoice
from billing.invoices.services.numbers import CREDIT_NOTE, take_number
from billing.invoices.status import TRANSITIONS, InvoiceStatus
from billing.ledger.models import AccountKind, Entry
from billing.ledger.services import post_journal
from billing.reservations.services import release_reservations
from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.kit.errors import DomainError
from manager.kit.status import transition
from manager.outbox.publish import publish
from organizations.audit.services import record_audit


class ReasonMissing(DomainError):
    """A credit note says why."""

    code = "reason_missing"
    status = 422
    message = _("Please say why the invoice is voided.")
    field = "reason"


@transaction.atomic
def void_invoice(*, invoice: Invoice, reason: str, actor: Actor, at: datetime) -> Invoice:
    """Void an OPEN invoice: a credit note takes all of it back, and its days can be billed again.

    Publishes `invoice.voided`.

    :raises ReasonMissing: no reason.
    :raises IllegalTransition: it is a draft (cancel it), paid or already void.
    """
    if not reason.strip():
        raise ReasonMissing
    invoice = lock_invoice(invoice)
    transition(invoice, InvoiceStatus.VOID, TRANSITIONS)
    invoice.save(update_fields=["status"])
    InvoiceLine.objects.filter(organization_id=invoice.organization_id, invoice=invoice).update(counts=False)
    release_reservations(invoice=invoice, at=at)
    _post_reversal(invoice, at)
    record_audit(
        organization_id=invoice.organization_id,
        name="invoice.voided",
        actor=actor,
        at=at,
        subject=invoice,
        reason=reason,
    )
    note = _write_credit_note(invoice, reason, at)
    publish(
        "invoice.voided",
        organization_id=invoice.organization_id,
        payload={"invoice": invoice.pk, "number": invoice.number, "credit_note": note.number},
        at=at,
    )
    return invoice


def _post_reversal(invoice: Invoice, at: datetime) -> None:
    """Turn back what the issue posted, entry by entry, whatever accounts there were at that time."""
    posted = Entry.objects.filter(
        organization_id=invoice.organization_id, journal__reference=issue_reference(invoice)
    )
    post_journal(
        organization=invoice.organization,
        reference=f"invoice:{invoice.pk}:void",
        kind="invoice_voided",
        currency=invoice.currency,
        invoice_id=invoice.pk,
        entries=[
            (AccountKind(kind), -amount) for kind, amount in posted.values_list("account__kind", "amount")
        ],
        at=at,
    )


def _write_credit_note(invoice: Invoice, reason: str, at: datetime) -> CreditNote:
    on = day_in(invoice.legal_entity.time_zone, at)
    return CreditNote.objects.create(
        organization_id=invoice.organization_id,
        invoice=invoice,
        legal_entity=invoice.legal_entity,
        number=take_number(entity=invoice.legal_entity, kind=CREDIT_NOTE, on=on),
        reason=reason.strip()[:250],
        currency=invoice.currency,
        net_amount=invoice.net_amount,
        tax_amount=invoice.tax_amount,
        total_amount=invoice.total_amount,
        issued_on=on,
        created_at=at,
    )
