"""The line of an invoice that renews a product; the same for engine, to-pay page and product page."""

from datetime import date

from django.utils import translation
from django.utils.translation import ngettext

from billing.tax.quote import LineInput
from manager.kit.translated import in_language
from products.catalog.selectors import get_price
from products.inventory.models import Product


def period_label(months: int) -> str:
    """Return a period as people say it in the active language: months, or years where it is whole years."""
    if months % 12 == 0:
        years = months // 12
        return ngettext("%(count)d year", "%(count)d years", years) % {"count": years}
    return ngettext("%(count)d month", "%(count)d months", months) % {"count": months}


def renewal_line(
    *, product: Product, months: int, period: tuple[date, date], currency: str, language: str, on: date
) -> LineInput:
    """Return the line that renews `product` by `months` for the days of `period`, at the price of the day `on`.

    :raises PriceNotFound: the plan is not sold for this period in this currency.
    """
    price = get_price(plan=product.plan, months=months, currency=currency, on=on)
    with translation.override(language):
        description = f"{in_language(product.plan.names, language)} – {product.name}, {period_label(months)}"
    return LineInput(
        description=description,
        unit=price.money,
        quantity=product.quantity,
        months=months,
        product=product,
        period=period,
    )
