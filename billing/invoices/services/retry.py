"""Try again to give what is paid for and was refused or held back (PRD-7)."""

from datetime import datetime

from django.db import transaction

from billing.invoices.models import Invoice
from billing.invoices.services.finalize import lock_invoice
from billing.invoices.services.fulfil import fulfil_lines, read_lines, unfulfilled
from billing.invoices.services.lost_names import find_lost
from billing.invoices.services.trouble import forget_settled
from billing.invoices.status import InvoiceStatus
from manager.kit.actor import Actor
from organizations.audit.services import record_audit


@transaction.atomic
def retry_fulfilment(*, invoice: Invoice, actor: Actor, at: datetime) -> list[int]:
    """Fulfil the lines of a paid invoice that are not yet; return the ids of those still refused.

    Safe at any number at once: the invoice is locked, and a line is fulfilled once. What waits for another
    reason, such as a held order, goes on waiting. Nothing happens for an invoice that is not paid.
    """
    invoice = lock_invoice(invoice)
    if invoice.status != InvoiceStatus.PAID:
        return []
    lost = find_lost(invoice=invoice)
    lines = unfulfilled(read_lines(invoice=invoice))
    refused = fulfil_lines(invoice=invoice, lines=lines, lost=lost, actor=actor, at=at)
    forget_settled(invoice=invoice)
    record_audit(
        organization_id=invoice.organization_id,
        name="invoice.fulfilment_retried",
        actor=actor,
        at=at,
        subject=invoice,
        unfulfilled=refused,
    )
    return refused
