"""The lines that a product's offer makes: one for the plan, one for each option that costs something."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils import translation

from billing.tax.quote import LineInput
from products.catalog.labels import describe_period
from products.catalog.pricing import PriceBook, PricedPart, price_parts
from products.inventory.models import Product

Period = tuple[date, date]


def renewal_lines(
    *,
    book: PriceBook,
    product: Product,
    options: Mapping[str, int],
    months: int,
    period: Period,
    language: str,
) -> list[LineInput]:
    """Return the lines that renew `product` with its `options` for the days of `period` (half-open).

    The same for the engine, *To pay* and the product's page. They are written in `language`, that of the
    organization's documents.

    :raises PriceNotFound: the plan, or one of the options, is not sold for `months` any more.
    """
    with translation.override(language):
        parts = price_parts(
            book, plan=product.plan, months=months, quantity=product.quantity, options=options
        )
        return part_lines(parts=parts, name=product.name, months=months, product=product, period=period)


def part_lines(
    *,
    parts: Sequence[PricedPart],
    name: str,
    months: int,
    product: Product | None = None,
    period: Period | None = None,
) -> list[LineInput]:
    """Return a line for each part, described in the active language."""
    called = f" – {name}" if name else ""
    return [
        LineInput(
            description=f"{part.label}{called}, {describe_period(months)}",
            unit=part.unit,
            quantity=part.quantity,
            months=months,
            product=product,
            period=period,
            component=part.component,
        )
        for part in parts
    ]
