"""Read the prices of a day for `products.catalog.pricing`, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from products.catalog.models import Option, OptionPrice, Plan, Price
from products.catalog.pricing import BookedOption, PriceBook


def read_price_book(*, plans: Iterable[Plan], currency: str, on: date) -> PriceBook:
    """Return what `plans` and all their options cost on the day `on` in `currency`. Three queries."""
    wanted = {plan.pk for plan in plans}
    valid = Q(valid_until=None) | Q(valid_until__gte=on)
    prices: dict[tuple[int, str], dict[int, Price]] = defaultdict(dict)
    rows = Price.objects.filter(valid, valid_from__lte=on, plan__in=wanted, currency=currency)
    for price in rows.order_by("plan", "months"):
        prices[price.plan_id, price.purpose][price.months] = price
    steps: dict[int, dict[int, OptionPrice]] = defaultdict(dict)
    option_rows = OptionPrice.objects.filter(
        valid, valid_from__lte=on, option__plan__in=wanted, currency=currency
    )
    for row in option_rows.order_by("option", "months"):
        steps[row.option_id][row.months] = row
    options: dict[int, dict[str, BookedOption]] = defaultdict(dict)
    for option in Option.objects.filter(plan__in=wanted).order_by("position", "id"):
        options[option.plan_id][option.slug] = BookedOption(option, steps.get(option.pk, {}))
    return PriceBook(currency, dict(prices), dict(options))
