"""What unpaid invoices mean for the transfer of a product to another organization."""

from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import InvoiceLine
from billing.invoices.status import PAYABLE, InvoiceStatus
from billing.payments.models import PaymentAttempt
from billing.payments.status import OPEN
from manager.kit.errors import Text
from products.inventory.models import Product


def unpaid_lines(product: Product, at: datetime, now: bool) -> Text | None:
    """Return why the product cannot go while somebody owes something for it, or None.

    Drafts of automatic renewal that nobody pays at this moment are no reason to offer it: they are taken
    back with the offer. For going at once (`now`) they must be gone.
    """
    of_product = InvoiceLine.objects.filter(
        organization_id=product.organization_id, product=product, counts=True
    )
    if of_product.filter(invoice__status=InvoiceStatus.PAID, fulfilled_at=None).exists():
        return _("A paid invoice that names this product is not carried out yet. Please write to us.")
    lines = of_product.filter(invoice__status__in=PAYABLE)
    if not now:
        paying = PaymentAttempt.objects.filter(invoice=OuterRef("invoice_id"), status__in=OPEN)
        lines = lines.exclude(~Exists(paying), invoice__origin="renewal", invoice__status=InvoiceStatus.DRAFT)
    if lines.exists():
        return _("An unpaid invoice names this product. Pay or cancel it first, then it can be transferred.")
    return None
