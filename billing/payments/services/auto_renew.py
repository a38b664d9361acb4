"""Products paid with a means that can be charged again renew by themselves from now on (BIL-10)."""

from datetime import datetime, timedelta

from billing.invoices.models import Invoice
from manager.kit.actor import Actor
from manager.kit.clock import day_in
from products.inventory.models import Product
from products.inventory.services import set_auto_renew
from products.inventory.status import RENEWABLE

MINIMUM = timedelta(days=14)
"""The first charge is tried 14 days before expiry: with less time left the switch stays as it is."""


def switch_on_renewal(*, invoice: Invoice, actor: Actor, at: datetime) -> list[int]:
    """Switch automatic renewal on for the products of a paid invoice; return the ids of those it changed."""
    today = day_in(invoice.organization.time_zone, at)
    products = Product.objects.filter(
        organization_id=invoice.organization_id,
        pk__in=invoice.lines.filter(product__isnull=False).values("product_id"),
        status__in=RENEWABLE,
        expires_on__gte=today + MINIMUM,
        auto_renew=False,
    ).order_by("id")
    return [set_auto_renew(product=product, on=True, actor=actor, at=at).pk for product in products]
