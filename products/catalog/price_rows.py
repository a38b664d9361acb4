"""Prices of a plan or an option as the back office lists them: one row for each, with its days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from manager.kit.money import Money
from products.catalog.entries import PriceKey
from products.catalog.labels import describe_days, describe_period
from products.catalog.models import DatedPrice, Purpose
from products.catalog.snapshot import key_of


@dataclass(frozen=True, slots=True)
class PriceSpan:
    """An amount with its days in words; `state` is past, now or planned."""

    money: Money
    days: str
    state: str


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One price of a plan or an option: what it is for, what it is today, was and will be."""

    key: PriceKey
    purpose: str
    period: str
    now: PriceSpan | None
    planned: list[PriceSpan]
    past: list[PriceSpan]


def price_rows(prices: Iterable[DatedPrice], today: date) -> list[PriceRow]:
    """Return the prices in rows, those of the shop first; none of these queries."""
    found: dict[PriceKey, list[DatedPrice]] = {}
    for price in sorted(prices, key=lambda one: one.valid_from):
        found.setdefault(key_of(price), []).append(price)
    order = list(Purpose.values)
    keys = sorted(found, key=lambda key: (order.index(key.purpose), key.months, key.currency))
    return [_row(key, found[key], today) for key in keys]


def _row(key: PriceKey, prices: list[DatedPrice], today: date) -> PriceRow:
    spans = [
        PriceSpan(price.money, describe_days(price.valid_from, price.valid_until), _state(price, today))
        for price in prices
    ]
    return PriceRow(
        key=key,
        purpose=str(Purpose(key.purpose).label),
        period=describe_period(key.months),
        now=next((span for span in spans if span.state == "now"), None),
        planned=[span for span in spans if span.state == "planned"],
        past=[span for span in spans if span.state == "past"],
    )


def _state(price: DatedPrice, today: date) -> str:
    if price.is_valid(today):
        return "now"
    return "planned" if price.valid_from > today else "past"
