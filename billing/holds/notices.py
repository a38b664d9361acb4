"""What the page of a product says while its order is held."""

from datetime import datetime

from django.utils.translation import gettext as _

from billing.orders.models import OrderLine
from billing.orders.status import OrderStatus
from products.inventory.models import Product
from products.inventory.outlook import Notice
from products.inventory.status import ProductStatus


def held_product(product: Product, _at: datetime) -> list[Notice]:
    """Return that the product is paid and waits for the check of its order (PRD-5)."""
    if product.status != ProductStatus.PENDING:
        return []
    held = OrderLine.objects.filter(
        organization_id=product.organization_id, product=product, order__status=OrderStatus.HELD
    )
    if not held.exists():
        return []
    return [
        Notice(
            tone="notice",
            title=_("Paid, being checked"),
            text=_("The payment has arrived. It is set up once the check of its order is done."),
        )
    ]
