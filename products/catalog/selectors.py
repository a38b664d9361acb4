"""Questions to the catalogue: families, plans and what they cost (PRD-1)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError, NotFound
from products.catalog.models import Family, Plan, Price


class PlanNotFound(NotFound):
    """There is no such plan."""

    code = "plan_not_found"
    message = _("This offer does not exist.")


class PriceNotFound(DomainError):
    """The plan is not sold for this period in this currency."""

    code = "price_not_found"
    status = 422
    message = _("This offer is not available for this period.")
    field = "months"


def list_families() -> QuerySet[Family]:
    """Return all families in the order of the menu."""
    return Family.objects.order_by("position", "id")


def get_family(*, slug: str) -> Family:
    """Return a family.

    :raises NotFound: there is none called `slug`.
    """
    family = Family.objects.filter(slug=slug).first()
    if family is None:
        raise NotFound(_("This family does not exist."))
    return family


def list_plans(*, family: Family | None = None) -> QuerySet[Plan]:
    """Return the plans that can be ordered, of one family or of all, in the order of the shop."""
    plans = Plan.objects.filter(is_orderable=True).select_related("family")
    if family is not None:
        plans = plans.filter(family=family)
    return plans.order_by("family__position", "position", "id")


def get_plan(*, slug: str) -> Plan:
    """Return a plan that can be ordered.

    :raises PlanNotFound: there is none, or it is no longer sold.
    """
    plan = Plan.objects.filter(slug=slug, is_orderable=True).select_related("family").first()
    if plan is None:
        raise PlanNotFound
    return plan


def get_price(*, plan: Plan, months: int, currency: str, on: date) -> Price:
    """Return the price that holds for orders and renewals of the day `on`.

    :raises PriceNotFound: the plan is not sold for `months` in `currency` on that day.
    """
    price = _valid(on).filter(plan=plan, months=months, currency=currency).order_by("-valid_from").first()
    if price is None:
        raise PriceNotFound
    return price


def list_prices(*, plans: Iterable[Plan], currency: str, on: date) -> dict[int, dict[int, Price]]:
    """Return the prices of the day `on` by plan id and period in months, shortest period first. One query."""
    wanted = {plan.pk for plan in plans}
    found: dict[int, dict[int, Price]] = defaultdict(dict)
    for price in (
        _valid(on).filter(plan__in=wanted, currency=currency).order_by("plan", "months", "valid_from")
    ):
        found[price.plan_id][price.months] = price
    return dict(found)


def _valid(on: date) -> QuerySet[Price]:
    return Price.objects.filter(Q(valid_until=None) | Q(valid_until__gte=on), valid_from__lte=on)
