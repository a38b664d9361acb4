"""What bills the product's next period and is not paid: taken back, as its price is the former offer's."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.status import PAYABLE, InvoiceStatus
from billing.renewals.services import take_back
from billing.to_pay.services import ORIGIN as SELECTION
from billing.to_pay.services import release_selection
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from products.inventory.models import Product

MOST_HOPS = 5


class NextPeriodBilled(DomainError):
    """An invoice over the product's next period waits for its payment and cannot be taken back."""

    code = "next_period_billed"
    message = _("An invoice over the next period of this product is open. Pay or cancel it first.")


def release_competing(*, product: Product, actor: Actor, at: datetime) -> None:
    """Take back unpaid drafts over the product's next period; what else was on them is due again.

    Runs outside of a transaction.

    :raises NextPeriodBilled: one is issued, so that it cannot be taken back.
    :raises PaymentInProgress: one is being paid at this moment.
    """
    for _hop in range(MOST_HOPS):  # a selection that is taken apart gives former drafts back
        invoice = _competing(product).first()
        if invoice is None:
            return
        if invoice.status != InvoiceStatus.DRAFT:
            raise NextPeriodBilled
        if invoice.origin == SELECTION:
            release_selection(invoice=invoice, actor=actor, at=at)
        else:
            take_back(invoice=invoice, actor=actor, at=at)


def require_no_competing(product: Product) -> None:
    """Refuse while something unpaid bills days of the locked product.

    :raises NextPeriodBilled: so it is.
    """
    if _competing(product).exists():
        raise NextPeriodBilled


def _competing(product: Product) -> QuerySet[Invoice]:
    lines = InvoiceLine.objects.filter(
        organization_id=product.organization_id,
        product_id=product.pk,
        counts=True,
        covers__isnull=False,
        fulfilled_at=None,
    )
    found = Invoice.objects.filter(
        organization_id=product.organization_id, status__in=PAYABLE, pk__in=lines.values("invoice_id")
    )
    return found.select_related("organization").order_by("pk")
