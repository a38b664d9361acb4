"""What a plan with its options costs: the one function that cart, order, renewal, *To pay* and changes ask.

It asks no database: `PriceBook` holds the prices of one day in one currency, see `read_price_book`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError
from manager.kit.money import Money
from products.catalog.models import Option, OptionKind, OptionPrice, Plan, Price, Purpose
from products.catalog.selectors import PriceNotFound

SEPARATORS = re.compile(r"[\s-]+")
PLAN = ""
"""The component of the plan itself; that of an option is its slug."""


class OptionRefused(DomainError):
    """The plan has no such option, or not so many of it."""

    code = "option_refused"
    status = 422
    message = _("This option is not available like this.")


@dataclass(frozen=True, slots=True)
class BookedOption:
    """An option with what one step of it costs, by period in months."""

    option: Option
    prices: Mapping[int, OptionPrice]


@dataclass(frozen=True, slots=True)
class PriceBook:
    """The prices of one day in one currency, without VAT: of plans by (id, purpose), of options by plan."""

    currency: str
    plans: Mapping[tuple[int, str], Mapping[int, Price]]
    options: Mapping[int, Mapping[str, BookedOption]]

    def prices_of(self, plan: Plan, purpose: str = Purpose.RENEW) -> Mapping[int, Price]:
        """Return what the plan alone costs by period in months, shortest first.

        A first period costs as much as each further one unless it has a price of its own.
        """
        found = dict(self.plans.get((plan.pk, Purpose.RENEW), {})) if purpose == Purpose.REGISTER else {}
        found |= self.plans.get((plan.pk, purpose), {})
        return dict(sorted(found.items()))

    def options_of(self, plan: Plan) -> Mapping[str, BookedOption]:
        """Return the plan's options by slug in the order of the shop, also those not sold any more."""
        return self.options.get(plan.pk, {})

    def sold_options(self, plan: Plan) -> list[BookedOption]:
        """Return the options that can be added to products of the plan."""
        return [row for row in self.options_of(plan).values() if row.option.is_orderable and row.prices]


@dataclass(frozen=True, slots=True)
class PricedPart:
    """What one component costs for the whole period: `unit` times `quantity`, without VAT.

    `label` names it in the active language; for an option, `quantity` counts its steps.
    """

    component: str
    label: str
    unit: Money
    quantity: int

    @property
    def money(self) -> Money:
        """The sum of the part."""
        return self.unit * self.quantity


def price_parts(
    book: PriceBook,
    *,
    plan: Plan,
    months: int,
    quantity: int,
    options: Mapping[str, int],
    purpose: str = Purpose.RENEW,
) -> tuple[PricedPart, ...]:
    """Return what `quantity` units of `plan` with `options` (units by slug) cost for `months`, part by part.

    The plan comes first, then what is to be paid of the options, which every unit has.

    :raises PriceNotFound: the plan, or one of the options, is not sold for this period.
    """
    price = book.prices_of(plan, purpose).get(months)
    if price is None:
        raise PriceNotFound
    parts = [PricedPart(PLAN, plan.name, price.money, quantity)]
    for slug, units in sorted(options.items()):
        part = _option_part(book.options_of(plan).get(slug), units, months)
        if part is not None:
            parts.append(replace(part, quantity=part.quantity * quantity))
    return tuple(parts)


def _option_part(booked: BookedOption | None, units: int, months: int) -> PricedPart | None:
    """Return what `units` of an option cost for one unit of the plan, None if that is nothing."""
    if booked is None:
        raise PriceNotFound
    steps = booked.option.count_steps(units)
    if not steps:
        return None
    price = booked.prices.get(months)
    if price is None:
        raise PriceNotFound
    return PricedPart(booked.option.slug, label_of(booked.option, units), price.money, steps)


def find_parts(
    book: PriceBook,
    *,
    plan: Plan,
    months: int,
    quantity: int,
    options: Mapping[str, int],
    purpose: str = Purpose.RENEW,
) -> tuple[PricedPart, ...] | None:
    """Return what `price_parts` returns, or None where it is not sold like this."""
    try:
        return price_parts(
            book, plan=plan, months=months, quantity=quantity, options=options, purpose=purpose
        )
    except PriceNotFound:
        return None


def offered_months(
    book: PriceBook, *, plan: Plan, options: Mapping[str, int], purpose: str = Purpose.RENEW
) -> list[int]:
    """Return the periods for which the plan is sold with all of `options`, shortest first."""
    return [
        months
        for months in book.prices_of(plan, purpose)
        if find_parts(book, plan=plan, months=months, quantity=1, options=options, purpose=purpose)
    ]


def sum_of(parts: tuple[PricedPart, ...]) -> Money:
    """Return the sum of the parts, without VAT."""
    return Money.total((part.money for part in parts), parts[0].unit.currency)


def label_of(option: Option, units: int) -> str:
    """Return an option in words: its name, and how many units where it counts some.

    A unit that the name tells already is not said twice: *Mail addresses (12)*.
    """
    if option.kind == OptionKind.SWITCH:
        return option.name
    unit = "" if option.unit_name.casefold() in SEPARATORS.split(option.name.casefold()) else option.unit_name
    return f"{option.name} ({units} {unit})".replace(" )", ")")


def clean_options(
    book: PriceBook, *, plan: Plan, chosen: Mapping[str, int], kept: Mapping[str, int] | None = None
) -> dict[str, int]:
    """Return the chosen units by slug as a product keeps them: what costs nothing is left out.

    Without a choice an option has what every product has. `kept` are those that the product has already:
    they can stay as they are when they are not sold any more.

    :raises OptionRefused: the plan has no such option, or not so many units; `field` is `option-<slug>`.
    """
    sold = {row.option.slug: row.option for row in book.sold_options(plan)}
    result: dict[str, int] = {}
    for slug, units in chosen.items():
        had = (kept or {}).get(slug)
        if had is not None and had == units and slug in book.options_of(plan):
            result[slug] = units
        elif slug not in sold or type(units) is not int or not sold[slug].allows(units):
            raise OptionRefused(field=f"option-{slug}")
    for slug, option in sold.items():
        units = chosen.get(slug, option.default_quantity)
        if option.count_steps(units):
            result[slug] = units
    return dict(sorted(result.items()))
