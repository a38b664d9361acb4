"""Take a draft back: nothing of it remains due (PRD-4)."""

from datetime import datetime

from django.db import transaction

from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.services.finalize import lock_invoice
from billing.invoices.status import TRANSITIONS, InvoiceStatus
from billing.reservations.services import release_reservations
from manager.kit.actor import Actor
from manager.kit.status import transition
from manager.outbox.publish import publish
from organizations.audit.services import record_audit


@transaction.atomic
def cancel_invoice(*, invoice: Invoice, actor: Actor, at: datetime) -> Invoice:
    """Cancel a DRAFT; its days can be billed again. Publishes `invoice.cancelled`.

    :raises IllegalTransition: it is issued (void it), paid or cancelled.
    """
    invoice = lock_invoice(invoice)
    transition(invoice, InvoiceStatus.CANCELLED, TRANSITIONS)
    invoice.save(update_fields=["status"])
    InvoiceLine.objects.filter(organization_id=invoice.organization_id, invoice=invoice).update(counts=False)
    release_reservations(invoice=invoice, at=at)
    record_audit(
        organization_id=invoice.organization_id, name="invoice.cancelled", actor=actor, at=at, subject=invoice
    )
    publish(
        "invoice.cancelled",
        organization_id=invoice.organization_id,
        payload={"invoice": invoice.pk, "origin": invoice.origin},
        at=at,
    )
    return invoice
