"""Write the organization's own order number on a draft (BIL-4)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Invoice
from billing.invoices.services.finalize import lock_invoice
from billing.invoices.status import InvoiceStatus
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from organizations.audit.services import record_audit


class InvoiceIssued(DomainError):
    """An invoice with a number is never changed."""

    code = "invoice_issued"
    message = _("This invoice is issued and cannot be changed any more.")


@transaction.atomic
def set_purchase_order(*, invoice: Invoice, number: str, actor: Actor, at: datetime) -> Invoice:
    """Have a draft bear `number`, "" for none, whatever the dates of the known ones say.

    :raises InvoiceIssued: it is no draft any more.
    """
    locked = lock_invoice(invoice)
    if locked.status != InvoiceStatus.DRAFT:
        raise InvoiceIssued
    locked.purchase_order = number.strip()
    locked.save(update_fields=["purchase_order"])
    record_audit(
        organization_id=locked.organization_id,
        name="invoice.purchase_order_set",
        actor=actor,
        at=at,
        subject=locked,
        number=locked.purchase_order,
    )
    return locked
