"""What the database holds of the catalogue, as plain values."""

import hashlib
from collections import defaultdict
from typing import Any

from products.catalog.catalog_text import write_catalog
from products.catalog.entries import (
    FAMILY_FIELDS,
    OPTION_FIELDS,
    PLAN_FIELDS,
    FamilyEntry,
    OptionEntry,
    PlanEntry,
    PriceKey,
    Prices,
)
from products.catalog.models import DatedPrice, Family, Option, OptionPrice, Plan, Price, Purpose
from products.catalog.timeline import Span


def read_database() -> list[FamilyEntry]:
    """Return the whole catalogue, also what is not on sale, with past and planned prices. Five queries."""
    options: dict[int, list[OptionEntry]] = defaultdict(list)
    option_prices = _by_owner(OptionPrice.objects.order_by("valid_from"), "option_id")
    for option in Option.objects.order_by("position", "id"):
        prices = option_prices.get(option.pk, {})
        options[option.plan_id].append(
            OptionEntry(option.slug, **_values(option, OPTION_FIELDS), prices=prices)
        )
    plans: dict[int, list[PlanEntry]] = defaultdict(list)
    plan_prices = _by_owner(Price.objects.order_by("valid_from"), "plan_id")
    for plan in Plan.objects.order_by("position", "id"):
        values = _values(plan, PLAN_FIELDS)
        prices = plan_prices.get(plan.pk, {})
        plans[plan.family_id].append(PlanEntry(plan.slug, **values, options=options[plan.pk], prices=prices))
    return [
        FamilyEntry(family.slug, **_values(family, FAMILY_FIELDS), plans=plans[family.pk])
        for family in Family.objects.order_by("position", "id")
    ]


def read_prices_of(owner: Plan | Option) -> Prices:
    """Return the prices of one plan or option through time."""
    rows = owner.prices.order_by("valid_from")
    return _by_owner(rows, "plan_id" if isinstance(owner, Plan) else "option_id").get(owner.pk, {})


def digest_of(families: list[FamilyEntry]) -> str:
    """Return what tells two states of the catalogue apart."""
    return hashlib.sha256(write_catalog(families).encode()).hexdigest()


def key_of(price: DatedPrice) -> PriceKey:
    """Return what the price is for."""
    purpose = price.purpose if isinstance(price, Price) else Purpose.RENEW
    return PriceKey(str(purpose), price.currency, price.months)


def _values(row: Family | Plan | Option, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _by_owner(rows: Any, owner: str) -> dict[int, dict[PriceKey, tuple[Span, ...]]]:
    found: dict[int, dict[PriceKey, tuple[Span, ...]]] = defaultdict(dict)
    for price in rows:
        prices = found[getattr(price, owner)]
        span = Span(price.amount, price.valid_from, price.valid_until)
        prices[key_of(price)] = (*prices.get(key_of(price), ()), span)
    return found
