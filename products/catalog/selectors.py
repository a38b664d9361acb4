"""Questions to the catalogue: families, plans and what they cost (PRD-1)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError, NotFound
from products.catalog.models import Family, Option, OptionPrice, Plan, Price, Purpose


class PlanNotFound(NotFound):
    """There is no such plan."""

    code = "plan_not_found"
    message = _("This offer does not exist.")


class FamilyNotFound(NotFound):
    """There is no such family."""

    code = "family_not_found"
    message = _("This family does not exist.")


class PriceNotFound(DomainError):
    """The plan is not sold for this period in this currency."""

    code = "price_not_found"
    status = 422
    message = _("This offer is not available for this period.")
    field = "months"


class OptionNotFound(NotFound):
    """The plan has no such option, or it is no longer sold."""

    code = "option_not_found"
    message = _("This option does not exist.")


@dataclass(frozen=True, slots=True)
class OfferedOption:
    """An option with what one step of it costs today, by period in months."""

    option: Option
    prices: dict[int, OptionPrice]


def list_families() -> QuerySet[Family]:
    """Return the published families in the order of the menu."""
    return Family.objects.filter(is_published=True).order_by("position", "id")


def get_family(*, slug: str) -> Family:
    """Return a family, published or not: products may live in it.

    :raises FamilyNotFound: there is none called `slug`.
    """
    family = Family.objects.filter(slug=slug).first()
    if family is None:
        raise FamilyNotFound
    return family


def list_plans(*, family: Family | None = None) -> QuerySet[Plan]:
    """Return the plans that can be ordered, of one family or of all, in the order of the shop."""
    plans = Plan.objects.filter(is_orderable=True, family__is_published=True).select_related("family")
    if family is not None:
        plans = plans.filter(family=family)
    return plans.order_by("family__position", "position", "id")


def get_plan(*, slug: str) -> Plan:
    """Return a plan that can be ordered.

    :raises PlanNotFound: there is none, or it is no longer sold.
    """
    plan = (
        Plan.objects.filter(slug=slug, is_orderable=True, family__is_published=True)
        .select_related("family")
        .first()
    )
    if plan is None:
        raise PlanNotFound
    return plan


def list_options(*, plan: Plan) -> QuerySet[Option]:
    """Return the options that can be added to products of the plan, in the order of the shop."""
    return Option.objects.filter(plan=plan, is_orderable=True).order_by("position", "id")


def get_option(*, plan: Plan, slug: str) -> Option:
    """Return an option that can be added to products of the plan.

    :raises OptionNotFound: the plan has none called `slug`, or it is no longer sold.
    """
    option = list_options(plan=plan).filter(slug=slug).first()
    if option is None:
        raise OptionNotFound
    return option


def find_price(
    *, plan: Plan, months: int, currency: str, on: date, purpose: str = Purpose.RENEW
) -> Price | None:
    """Return the price of the day `on` for a purpose, or None.

    A first period costs as much as each further one unless it has a price of its own. The fee for
    bringing a domain back is for no period: `months` does not matter (PRD-11).
    """
    if purpose == Purpose.RESTORE:
        months = 0
    found = _valid(on).filter(plan=plan, months=months, currency=currency)
    price = found.filter(purpose=purpose).first()
    if price is None and purpose == Purpose.REGISTER:
        return found.filter(purpose=Purpose.RENEW).first()
    return price


def get_price(*, plan: Plan, months: int, currency: str, on: date, purpose: str = Purpose.RENEW) -> Price:
    """Return the price that holds on the day `on`, as `find_price` does.

    :raises PriceNotFound: the plan is not sold for `months` in `currency` on that day.
    """
    price = find_price(plan=plan, months=months, currency=currency, on=on, purpose=purpose)
    if price is None:
        raise PriceNotFound
    return price


def list_prices(
    *, plans: Iterable[Plan], currency: str, on: date, purpose: str = Purpose.RENEW
) -> dict[int, dict[int, Price]]:
    """Return the prices of the day `on` by plan id and period in months, shortest period first. One query.

    Of first periods (`REGISTER`) those without a price of their own cost as much as each further one.
    """
    wanted = {plan.pk for plan in plans}
    purposes = [Purpose.RENEW, purpose] if purpose == Purpose.REGISTER else [purpose]
    rows = _valid(on).filter(plan__in=wanted, currency=currency, purpose__in=purposes)
    found: dict[int, dict[int, Price]] = defaultdict(dict)
    for price in rows.order_by("plan", "months"):
        if price.purpose == purpose or price.months not in found[price.plan_id]:
            found[price.plan_id][price.months] = price
    return dict(found)


def find_option_price(*, option: Option, months: int, currency: str, on: date) -> OptionPrice | None:
    """Return what one step of the option costs on the day `on` for a period, or None."""
    return _valid_options(on).filter(option=option, months=months, currency=currency).first()


def list_offered_options(*, plans: Iterable[Plan], currency: str, on: date) -> dict[int, list[OfferedOption]]:
    """Return the options that can be added, with the prices of the day `on`, by plan id. Two queries.

    An option without any price in `currency` is not offered.
    """
    wanted = {plan.pk for plan in plans}
    options = Option.objects.filter(plan__in=wanted, is_orderable=True).order_by("position", "id")
    prices: dict[int, dict[int, OptionPrice]] = defaultdict(dict)
    rows = _valid_options(on).filter(option__plan__in=wanted, currency=currency)
    for price in rows.order_by("option", "months"):
        prices[price.option_id][price.months] = price
    offered: dict[int, list[OfferedOption]] = defaultdict(list)
    for option in options:
        if option.pk in prices:
            offered[option.plan_id].append(OfferedOption(option, prices[option.pk]))
    return dict(offered)


def _valid(on: date) -> QuerySet[Price]:
    return Price.objects.filter(Q(valid_until=None) | Q(valid_until__gte=on), valid_from__lte=on)


def _valid_options(on: date) -> QuerySet[OptionPrice]:
    return OptionPrice.objects.filter(Q(valid_until=None) | Q(valid_until__gte=on), valid_from__lte=on)
