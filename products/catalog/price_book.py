"""Read the prices of a day for `products.catalog.pricing`, in one query."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from manager.kit.prepared import Prepared
from products.catalog.models import Option, OptionPrice, Plan, Price
from products.catalog.pricing import BookedOption, PriceBook

PRICE = ("id", "plan_id", "purpose", "currency", "months", "amount", "valid_from", "valid_until")
OPTION_PRICE = ("id", "option_id", "currency", "months", "amount", "valid_from", "valid_until")
OPTION = tuple(field.attname for field in Option._meta.concrete_fields)  # noqa: SLF001  (documented API)


def read_price_book(*, plans: Iterable[Plan], currency: str, on: date) -> PriceBook:
    """Return what `plans` and all their options cost on the day `on` in `currency`. One query."""
    ids = {f"plan_{number}": pk for number, pk in enumerate(sorted({plan.pk for plan in plans}))}
    return _make_book(currency, _PRICES.fetch(currency=currency, on=on, **ids) if ids else ())


def book_rows(*, plans: Iterable[Plan], currency: str, on: date) -> ArraySubquery:
    """Return the same as a part of another query, for `book_of`."""
    prices = _build_prices(currency=currency, on=on, **{f"plan_{plan.pk}": plan.pk for plan in plans})
    told = JSONObject(plan="pk", prices="day_prices", options="day_options")
    return ArraySubquery(prices.values(told=told))


def book_of(rows: Iterable[dict[str, Any]], *, currency: str) -> PriceBook:
    """Return the prices that `book_rows` has given."""
    return _make_book(currency, ((row["plan"], row["prices"], row["options"]) for row in rows))


def _make_book(currency: str, rows: Iterable[tuple[Any, ...]]) -> PriceBook:
    by_purpose: dict[tuple[int, str], dict[int, Price]] = {}
    by_plan: dict[int, dict[str, BookedOption]] = {}
    for plan_id, price_rows, option_rows in rows:
        for row in price_rows:
            by_purpose.setdefault((plan_id, row["purpose"]), {})[row["months"]] = Price(**_with_days(row))
        for row in option_rows:
            booked = {step["months"]: OptionPrice(**_with_days(step)) for step in row.pop("steps")}
            by_plan.setdefault(plan_id, {})[row["slug"]] = BookedOption(Option(**row), booked)
    return PriceBook(currency, by_purpose, by_plan)


def _build_prices(*, currency: str, on: date, **plan_ids: int) -> QuerySet[Plan, tuple[Any, ...]]:
    valid = Q(valid_until=None) | Q(valid_until__gte=on)
    day = {"valid_from__lte": on, "currency": currency}
    steps = OptionPrice.objects.filter(valid, option=OuterRef("pk"), **day).order_by("months")
    options = Option.objects.filter(plan=OuterRef("pk")).order_by("position", "id")
    options = options.annotate(steps=_rows(steps, OPTION_PRICE))
    prices = Price.objects.filter(valid, plan=OuterRef("pk"), **day).order_by("months")
    found = Plan.objects.filter(pk__in=list(plan_ids.values()))
    found = found.annotate(day_prices=_rows(prices, PRICE), day_options=_rows(options, (*OPTION, "steps")))
    return found.values_list("pk", "day_prices", "day_options")


def _rows(rows: QuerySet[Any], names: Iterable[str]) -> ArraySubquery:
    return ArraySubquery(rows.values(told=JSONObject(**{name: name for name in names})))


def _with_days(row: dict[str, Any]) -> dict[str, Any]:
    """Return a price's fields with their days as dates; as JSON they came as text."""
    days = {name: row[name] and date.fromisoformat(row[name]) for name in ("valid_from", "valid_until")}
    return {**row, **days}


_PRICES: Prepared[tuple[Any, ...]] = Prepared(_build_prices, planned_once=True)
