"""Whether domain names can be registered: their form, their extension, and what is registered here (PRD-3).

Nobody learns whose a taken name is: the answer is yes or no, as any registry gives it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from billing.orders.domain_names import DomainNameInvalid, clean_domain_name, require_extension
from billing.orders.models import OrderLine
from billing.orders.status import OrderStatus
from manager.kit.errors import DomainError
from manager.kit.money import Money
from products.catalog.models import Plan, Price, Purpose
from products.catalog.price_book import read_price_book
from products.catalog.pricing import PriceBook
from products.catalog.selectors import list_plans
from products.inventory.selectors import find_registered
from products.inventory.status import ProductStatus

MOST_NAMES = 10
A_YEAR = 12


class DomainNameTaken(DomainError):
    """The domain name is registered here already."""

    code = "domain_name_taken"
    status = 422
    field = "name"
    message = _("This domain name is taken. Please choose another one, or another extension.")


class DomainNameOrdered(DomainError):
    """An order of the organization that is not finished has the domain name already."""

    code = "domain_name_ordered"
    status = 422
    field = "name"
    message = _("You have already ordered this domain name. Pay or cancel that order first.")


@dataclass(frozen=True, slots=True)
class DomainOffer:
    """A domain name with the plan that registers it; `later` is the price from the second period on."""

    name: str
    plan: Plan
    is_free: bool
    months: int
    price: Money
    later: Money | None


@dataclass(frozen=True, slots=True)
class CheckedName:
    """What somebody typed, why it is no name to register ("" if it is one), and what can be had."""

    typed: str
    problem: str
    offers: tuple[DomainOffer, ...]


def require_free(names: Iterable[str]) -> None:
    """Refuse domain names of which one is registered here.

    :raises DomainNameTaken: one is.
    """
    if find_registered(names):
        raise DomainNameTaken


def require_not_ordered(*, organization_id: int, names: Sequence[str]) -> None:
    """Refuse domain names that an unpaid order of the organization has, or that stand twice in this one.

    :raises DomainNameOrdered: so it is; its context names that order.
    """
    if len(set(names)) < len(names):
        raise DomainNameOrdered
    waiting = (
        OrderLine.objects.filter(
            organization_id=organization_id,
            order__status__in=[OrderStatus.PENDING, OrderStatus.HELD],
            product__status=ProductStatus.PENDING,
            product__name__in=names,
        )
        .exclude(plan__extension="")
        .order_by("order_id")
    )
    line = waiting.select_related("product").first()
    if line is not None:
        raise DomainNameOrdered(order=line.order_id, name=line.product.name)


def check_domain_names(*, names: Sequence[str], currency: str, on: date) -> list[CheckedName]:
    """Return for each of the names, at most ten, in which extensions it can be had, at today's prices.

    The extension that was typed comes first. Five queries, however many names there are.
    """
    plans = [plan for plan in list_plans() if plan.extension]
    book = read_price_book(plans=plans, currency=currency, on=on)
    sold = {plan.extension: plan for plan in plans if book.prices_of(plan, Purpose.REGISTER)}
    found = [_read(typed, sold) for typed in names[:MOST_NAMES]]
    taken = find_registered(name for _typed, _problem, rows in found for name, _plan in rows)
    return [
        CheckedName(typed, problem, tuple(_offer(name, plan, book, taken) for name, plan in rows))
        for typed, problem, rows in found
    ]


def _read(typed: str, sold: dict[str, Plan]) -> tuple[str, str, list[tuple[str, Plan]]]:
    """Return what was typed, what is wrong with it, and the names in all extensions, the wanted one first."""
    text = typed.strip().rstrip(".").lower()
    try:
        base = clean_domain_name(text if "." in text else f"{text}.example")
        extension = max((end for end in sold if base.endswith(end)), key=len, default="")
        label = base.removesuffix(extension) if extension else base.split(".")[0]
        if extension:
            require_extension(base, extension)
    except DomainNameInvalid as error:
        return typed, str(error.message), []
    problem = "" if extension or "." not in text else str(_("We do not offer this extension."))
    ends = sorted(sold, key=lambda end: end != extension)
    return typed, problem, [(f"{label}{end}", sold[end]) for end in ends]


def _offer(name: str, plan: Plan, book: PriceBook, taken: frozenset[str]) -> DomainOffer:
    first: dict[int, Price] = dict(book.prices_of(plan, Purpose.REGISTER))
    months = A_YEAR if A_YEAR in first else next(iter(first))
    further = book.prices_of(plan).get(months)
    later = further.money if further and further.amount != first[months].amount else None
    return DomainOffer(name, plan, name not in taken, months, first[months].money, later)
