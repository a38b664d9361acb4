"""What the pages of the shop show, in an organization and to visitors: shelves, offers, periods."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from billing.orders.domain_check import CheckedName, check_domain_names
from billing.orders.forms import PlanForm
from manager.kit.clock import add_months
from manager.kit.translated import in_language
from products.catalog.labels import describe_period
from products.catalog.models import Plan, Price, Purpose
from products.catalog.pricing import PriceBook
from products.catalog.selectors import list_families, list_plans
from products.inventory.option_labels import describe_option


@dataclass(frozen=True, slots=True)
class Shop:
    """The addresses of the shop's pages: an organization's, or those of visitors where there is none."""

    organization_id: int | None = None

    def url(self, page: str, *args: Any) -> str:
        """Return the address of `page`, as the organization's shop calls it."""
        if self.organization_id is None:
            return reverse(f"billing:storefront{page.removeprefix('shop')}", args=args)
        return reverse(f"billing:{page}", args=[self.organization_id, *args])

    @property
    def start_url(self) -> str:
        """The first page."""
        return self.url("shop")

    @property
    def domains_url(self) -> str:
        """Where domain names are checked."""
        return self.url("shop_domains")


def list_shelves(shop: Shop) -> list[dict[str, Any]]:
    """Return the families with their plans and the addresses of both."""
    plans = list(list_plans())
    shelves = [
        {
            "family": family,
            "url": shop.url("shop_family", family.slug),
            "plans": [
                (plan, shop.url("shop_plan", plan.slug)) for plan in plans if plan.family_id == family.pk
            ],
        }
        for family in list_families()
    ]
    return [shelf for shelf in shelves if shelf["plans"]]


def list_offers(shop: Shop, plans: Sequence[Plan], book: PriceBook) -> list[dict[str, Any]]:
    """Return the plans that have a price, each with that of its shortest period."""
    return [
        _offer(shop, plan, prices) for plan in plans if (prices := book.prices_of(plan, Purpose.REGISTER))
    ]


def describe_plan(
    *, shop: Shop, plan: Plan, form: PlanForm, book: PriceBook, typed: str, on: date
) -> dict[str, Any]:
    """Return what the page of one plan shows; `typed` is the domain name that was asked for, "" for none."""
    prices = book.prices_of(plan, Purpose.REGISTER)
    return {
        "shop": shop,
        "plan": plan,
        "form": form,
        "periods": _periods(form, book.prices_of(plan), prices),
        "options": [(field, describe_option(row)) for field, row in form.option_fields],
        "features": list_features(plan),
        "trial_until": add_months(on, plan.trial_months) if plan.trial_months else None,
        "family_url": shop.url("shop_family", plan.family.slug),
        "checked": find_names(shop, [typed], book.currency, on) if plan.extension and typed.strip() else [],
    }


def find_names(shop: Shop, names: Sequence[str], currency: str, on: date) -> list[dict[str, Any]]:
    """Return what `check_domain_names` found, with the pages on which each name is ordered."""
    return [_found(shop, row) for row in check_domain_names(names=names, currency=currency, on=on)]


def list_features(plan: Plan) -> list[str]:
    """Return what the plan offers, in the active language."""
    return [in_language(feature) for feature in plan.features]


def _found(shop: Shop, row: CheckedName) -> dict[str, Any]:
    return {
        "typed": row.typed,
        "problem": row.problem,
        "offers": [
            {
                "name": offer.name,
                "is_free": offer.is_free,
                "price": offer.price,
                "period": describe_period(offer.months),
                "later": offer.later,
                "url": f"{shop.url('shop_plan', offer.plan.slug)}?name={offer.name}",
            }
            for offer in row.offers
        ],
    }


def _offer(shop: Shop, plan: Plan, prices: Mapping[int, Price]) -> dict[str, Any]:
    months, price = next(iter(prices.items()))
    return {
        "plan": plan,
        "price": price.money,
        "period": describe_period(months),
        "features": list_features(plan),
        "url": shop.url("shop_plan", plan.slug),
    }


def _periods(
    form: PlanForm, renewals: Mapping[int, Price], prices: Mapping[int, Price]
) -> list[dict[str, Any]]:
    """Return the periods with their price, what a month of each costs, and a price that holds only first."""
    chosen = str(form["months"].value())
    return [
        {
            "months": months,
            "label": describe_period(months),
            "price": price.money,
            "monthly": price.money.share(1, months) if months > 1 else None,
            "later": renewals[months].money if _changes_later(months, renewals, price) else None,
            "checked": str(months) == chosen,
        }
        for months, price in prices.items()
    ]


def _changes_later(months: int, renewals: Mapping[int, Price], first: Price) -> bool:
    return months in renewals and renewals[months].amount != first.amount
