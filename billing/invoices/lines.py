"""The line that renews a product; the same for the engine, the to-pay page and the product's page."""

from datetime import date

from django.utils import translation

from billing.tax.quote import LineInput
from manager.kit.translated import in_language
from products.catalog.models import Price
from products.inventory.labels import describe_months
from products.inventory.models import Product


def renewal_line(*, product: Product, price: Price, period: tuple[date, date], language: str) -> LineInput:
    """Return the line that renews `product` for the days of `period` (half-open) at `price`.

    The description is written in `language`, that of the organization's documents.
    """
    with translation.override(language):
        description = (
            f"{in_language(product.plan.names, language)} – {product.name}, {describe_months(price.months)}"
        )
    return LineInput(
        description=description,
        unit=price.money,
        quantity=product.quantity,
        months=price.months,
        product=product,
        period=period,
    )
