"""Options in words: what they cost, and what a product has of them."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from products.catalog.labels import describe_period
from products.catalog.models import OptionKind
from products.catalog.pricing import BookedOption, PriceBook, label_of
from products.inventory.models import Product


def describe_option(row: BookedOption) -> str:
    """Return what a form says of an option: its sentence, what is included, and what it costs."""
    option = row.option
    told = [option.description] if option.description else []
    if option.included:
        words = {"count": option.included, "unit": option.unit_name}
        told.append(_("Included: %(count)s %(unit)s.") % words)
    prices = ", ".join(
        _("%(amount)s for %(period)s")
        % {"amount": price.money.format(), "period": describe_period(price.months)}
        for price in row.prices.values()
    )
    if option.kind == OptionKind.NUMBER and prices and option.step == 1:
        told.append(_("Each one: %(prices)s.") % {"prices": prices})
    elif option.kind == OptionKind.NUMBER and prices:
        words = {"count": option.step, "unit": option.unit_name, "prices": prices}
        told.append(_("Each %(count)s %(unit)s: %(prices)s.") % words)
    elif prices:
        told.append(f"{prices}.")
    return " ".join(told)


def describe_options(book: PriceBook, product: Product, options: Mapping[str, int]) -> list[str]:
    """Return the options that a product has, in words; one that the catalogue has forgotten by its slug."""
    known = book.options_of(product.plan)
    return [label_of(known[slug].option, units) if slug in known else slug for slug, units in options.items()]
