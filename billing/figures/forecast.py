"""What the next twelve months cost if everything is renewed: by the day of each renewal, at its price."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from billing.figures.months import coming_months, shift
from manager.kit.money import Money
from organizations.profile.models import Organization
from products.catalog.models import OptionPrice, Plan, Price
from products.catalog.price_book import read_price_book
from products.catalog.pricing import PriceBook, find_parts, sum_of
from products.inventory.status import RENEWABLE

MONTHS = 12

# Each product renews at its expiry, and again after each period: at the day of the month on which it began,
# or the last one of a shorter month. What is overdue counts today. A product that somebody asked to end is
# left out (PRD-9). Equal offers are one row, so that 100,000 products are priced as quickly as a hundred.
RENEWALS = """
with had as (
    select product_id, jsonb_object_agg(slug, quantity order by slug) as options
    from products_productoption where organization_id = %(owner)s group by product_id
), living as (
    select product.id, plan_id, months, quantity, auto_renew, expires_on, coalesce(options, '{}') as options,
        coalesce(anchor_day, extract(day from expires_on))::integer as anchor
    from products_product product
    left join had on had.product_id = product.id
    where product.organization_id = %(owner)s and status = any(%(renewable)s) and expires_on < %(end)s
        and not exists (
            select 1 from products_terminatedproduct wish
            where wish.organization_id = %(owner)s and wish.product_id = product.id and wish.is_open
        )
), renewals as (
    select living.*, greatest(%(today)s::date, (first + (least(anchor, last) - 1))) as falls_on
    from living
    cross join lateral generate_series(0, 240 / months) nth
    cross join lateral (
        select (date_trunc('month', expires_on) + make_interval(months => nth * months))::date as first
    ) begun
    cross join lateral (
        select extract(day from (first + interval '1 month - 1 day'))::integer as last
    ) ended
)
select date_trunc('month', falls_on)::date, width_bucket(falls_on, %(turns)s::date[]), plan_id, months,
    quantity, options, auto_renew, count(*)
from renewals where falls_on < %(end)s
group by 1, 2, 3, 4, 5, 6, 7
"""


@dataclass(frozen=True, slots=True)
class MonthAhead:
    """The renewals of a month: by themselves, and those that somebody has to pay. Amounts without VAT."""

    month: date
    automatic: Money
    by_hand: Money
    count: int

    @property
    def net(self) -> Money:
        """All renewals of the month."""
        return self.automatic + self.by_hand


@dataclass(frozen=True, slots=True)
class Forecast:
    """The months ahead; `unpriced` renewals are of offers that are not sold any more."""

    currency: str
    months: list[MonthAhead]
    unpriced: int

    @property
    def automatic(self) -> Money:
        """What is charged by itself."""
        return Money.total((month.automatic for month in self.months), self.currency)

    @property
    def by_hand(self) -> Money:
        """What somebody has to pay."""
        return Money.total((month.by_hand for month in self.months), self.currency)

    @property
    def net(self) -> Money:
        """Everything."""
        return self.automatic + self.by_hand

    @property
    def count(self) -> int:
        """How many renewals."""
        return sum(month.count for month in self.months)


def read_forecast(*, organization: Organization, today: date) -> Forecast:
    """Return what renewals will cost in the twelve months that begin with that of `today`, without VAT.

    Each at the price that holds on its day, so far as prices are known today. A constant number of queries,
    and one more for each day in that time on which prices change.
    """
    span = coming_months(today, MONTHS)
    end = shift(span[-1], 1)
    turns = _find_turns(organization.currency, today, end)
    rows = _read(organization, today=today, end=end, turns=turns)
    plans = {plan.pk: plan for plan in Plan.objects.filter(pk__in={row[2] for row in rows})}
    wanted = sorted({row[1] for row in rows})
    books = {
        bucket: read_price_book(plans=plans.values(), currency=organization.currency, on=turns[bucket - 1])
        for bucket in wanted
    }
    sums = {(month, auto): 0 for month in span for auto in (True, False)}
    counts = dict.fromkeys(span, 0)
    unpriced = 0
    for month, bucket, plan_id, months, quantity, options, auto, count in rows:
        price = _price(books[bucket], plans[plan_id], months, quantity, json.loads(options))
        if price is None:
            unpriced += count
            continue
        sums[month, auto] += price.amount * count
        counts[month] += count
    currency = organization.currency
    ahead = [
        MonthAhead(
            month, Money(sums[month, True], currency), Money(sums[month, False], currency), counts[month]
        )
        for month in span
    ]
    return Forecast(currency, ahead, unpriced)


def _find_turns(currency: str, today: date, end: date) -> list[date]:
    """Return `today` and the days until `end` from which other prices hold."""
    coming = Q(valid_from__gt=today, valid_from__lt=end)
    plans = Price.objects.filter(coming, currency=currency).values_list("valid_from")
    options = OptionPrice.objects.filter(coming, currency=currency).values_list("valid_from")
    return [today, *sorted({day for (day,) in plans.union(options)})]


def _read(organization: Organization, *, today: date, end: date, turns: list[date]) -> Sequence[Any]:
    given: dict[str, Any] = {
        "owner": organization.pk,
        "renewable": sorted(RENEWABLE),
        "today": today,
        "end": end,
        "turns": turns,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(RENEWALS, given)
        rows: list[Any] = cursor.fetchall()
        return rows


def _price(book: PriceBook, plan: Plan, months: int, quantity: int, options: dict[str, int]) -> Money | None:
    parts = find_parts(book, plan=plan, months=months, quantity=quantity, options=options)
    return sum_of(parts) if parts else None
