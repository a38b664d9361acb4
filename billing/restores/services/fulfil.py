"""Carry out what the invoice over a restore pays: the domain comes back, paid for its period (PRD-11)."""

from datetime import datetime

from billing.invoices.models import Invoice, InvoiceLine
from billing.restores.errors import RestoreRefused
from manager.kit.actor import Actor
from products.inventory.services import restore_product
from products.inventory.status import ProductStatus


def fulfil_restore(invoice: Invoice, actor: Actor, at: datetime) -> None:
    """Restore the domain of a paid `invoice`, which the caller has locked.

    :raises RestoreRefused: it is not in redemption any more: it was released, or restored otherwise.
    """
    lines = InvoiceLine.objects.filter(organization_id=invoice.organization_id, invoice=invoice)
    plan = lines.filter(component="", period__isnull=False).select_related("product").first()
    if plan is None or plan.product is None or plan.product.status != ProductStatus.REDEMPTION:
        raise RestoreRefused
    restore_product(product=plan.product, until=plan.period.upper, actor=actor, at=at)
