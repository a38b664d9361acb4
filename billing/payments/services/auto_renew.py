"""Products paid with a means that can be charged again renew by themselves from now on (BIL-10)."""

from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from billing.invoices.models import Invoice, InvoiceLine
from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.kit.prepared import Prepared
from products.inventory.models import Product
from products.inventory.services import set_auto_renew
from products.inventory.status import RENEWABLE

MINIMUM = timedelta(days=14)
"""The first charge is tried 14 days before expiry: with less time left the switch stays as it is."""


def switch_on_renewal(*, invoice: Invoice, actor: Actor, at: datetime) -> list[int]:
    """Switch automatic renewal on for the products of a paid invoice; return the ids of those it changed."""
    today = day_in(invoice.organization.time_zone, at)
    products = _NOT_RENEWING.fetch(
        organization_id=invoice.organization_id, invoice_id=invoice.pk, least=today + MINIMUM
    )
    return [set_auto_renew(product=product, on=True, actor=actor, at=at).pk for product in products]


def _build_not_renewing(*, organization_id: int, invoice_id: int, least: date) -> QuerySet[Product]:
    paid = InvoiceLine.objects.filter(
        organization_id=organization_id, invoice_id=invoice_id, product__isnull=False
    )
    return Product.objects.filter(
        organization_id=organization_id,
        pk__in=paid.values("product_id"),
        status__in=sorted(RENEWABLE),
        expires_on__gte=least,
        auto_renew=False,
    ).order_by("id")


_NOT_RENEWING: Prepared[Product] = Prepared(_build_not_renewing)
