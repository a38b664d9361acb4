"""What the pages of a change show: the offers to choose from, and a quote with all its lines."""

from dataclasses import dataclass
from datetime import date, datetime

from billing.changes.lines import charge_lines, credit_lines, name_paid_lines
from billing.changes.models import ChangeQuote
from billing.changes.offer import Offer
from billing.changes.rules import shorter_from
from billing.changes.selectors import can_be_accepted
from billing.changes.status import ChangeStatus
from billing.changes.stored import ChargedDays, GivenBack
from billing.profiles.party import Party
from billing.profiles.selectors import common_address, default_entity
from billing.tax.quote import Quote, quote
from manager.kit.money import Money
from products.catalog.labels import describe_period
from products.catalog.models import Plan
from products.catalog.price_book import read_price_book
from products.catalog.pricing import PriceBook, label_of, offered_months, sum_of
from products.inventory.models import Product

TONES = {
    ChangeStatus.QUOTED: "info",
    ChangeStatus.ACCEPTED: "notice",
    ChangeStatus.APPLIED: "positive",
    ChangeStatus.WITHDRAWN: "neutral",
}


@dataclass(frozen=True, slots=True)
class PeriodChoice:
    """A period of the wanted plan; `possible_from` is set where it cannot be chosen yet (PRD-10)."""

    months: int
    label: str
    price: Money
    is_present: bool
    possible_from: date | None


@dataclass(frozen=True, slots=True)
class PlanChoice:
    """A plan that the product can have, with what it costs from some period on."""

    plan: Plan
    price: Money
    period: str


def list_periods(*, product: Product, plan: Plan, book: PriceBook, today: date) -> list[PeriodChoice]:
    """Return the periods of `plan`, shortest first."""
    first = shorter_from(product)
    return [
        PeriodChoice(
            months=months,
            label=describe_period(months),
            price=price.money,
            is_present=months == product.months,
            possible_from=first if months < product.months and today < first else None,
        )
        for months, price in book.prices_of(plan).items()
    ]


def list_plan_choices(*, product: Product, plans: list[Plan], book: PriceBook) -> list[PlanChoice]:
    """Return the plans that are sold, each with its price for the product's period, or for its shortest."""
    found = []
    for plan in plans:
        months = offered_months(book, plan=plan, options={})
        if months:
            shown = product.months if product.months in months else months[0]
            price = book.prices_of(plan)[shown].money
            found.append(PlanChoice(plan, price, describe_period(shown)))
    return found


@dataclass(frozen=True, slots=True)
class ChangePage:
    """A change as its page shows it. `now` and `then` are the offers in words, part by part.

    `starts_on` is the day from which the offer holds, `period_from` that from which another period does.
    """

    change: ChangeQuote
    tone: str
    now: list[str]
    then: list[str]
    starts_on: date | None
    period_from: date | None
    priced: Quote | None
    surplus: list[tuple[str, Money]]
    renewal: Money | None
    period: str
    is_open: bool
    is_expired: bool
    is_waiting: bool


def build_change_page(*, change: ChangeQuote, at: datetime) -> ChangePage:
    """Read what the page of `change` shows; lines are described in the active language."""
    former = _former(change)
    wanted = Offer(change.plan, change.months, change.quantity, change.options)
    book = read_price_book(plans={former.plan, wanted.plan}, currency=change.currency, on=change.on)
    parts = wanted.parts(book)
    is_open = can_be_accepted(change, at)
    return ChangePage(
        change=change,
        tone=TONES[ChangeStatus(change.status)],
        now=describe_offer(former, book),
        then=describe_offer(wanted, book),
        starts_on=starts_on(change),
        period_from=period_from(change),
        priced=_priced(change, former, wanted, book),
        surplus=_surplus(change, former, book),
        renewal=sum_of(parts) if parts else None,
        period=describe_period(change.months),
        is_open=is_open,
        is_expired=change.status == ChangeStatus.QUOTED and not is_open,
        is_waiting=change.status == ChangeStatus.ACCEPTED,
    )


def starts_on(change: ChangeQuote) -> date | None:
    """Return the day from which another plan, quantity or option holds; None for a change of the period."""
    is_same = all(
        change.before[name] == wanted
        for name, wanted in (
            ("plan", change.plan.slug),
            ("quantity", change.quantity),
            ("options", change.options),
        )
    )
    return None if is_same else change.on


def period_from(change: ChangeQuote) -> date | None:
    """Return the day on which another period begins, the end of the paid time; None if it stays (PRD-10)."""
    if change.before["months"] == change.months or not change.before["expires_on"]:
        return None
    return date.fromisoformat(change.before["expires_on"])


def describe_change(change: ChangeQuote) -> tuple[list[str], list[str]]:
    """Return the offers before and after a change in words."""
    former = _former(change)
    wanted = Offer(change.plan, change.months, change.quantity, change.options)
    book = read_price_book(plans={former.plan, wanted.plan}, currency=change.currency, on=change.on)
    return describe_offer(former, book), describe_offer(wanted, book)


def describe_offer(offer: Offer, book: PriceBook) -> list[str]:
    """Return an offer in words: plan, quantity, options, period."""
    times = f"{offer.quantity} × " if offer.quantity > 1 else ""
    known = book.options_of(offer.plan)
    options = [
        label_of(known[slug].option, units) if slug in known else slug
        for slug, units in offer.options.items()
    ]
    return [f"{times}{offer.plan.name}", *options, describe_period(offer.months)]


def _former(change: ChangeQuote) -> Offer:
    before = change.before
    plan = Plan.objects.select_related("family").get(slug=before["plan"])
    return Offer(plan, before["months"], before["quantity"], before["options"])


def _priced(change: ChangeQuote, former: Offer, wanted: Offer, book: PriceBook) -> Quote | None:
    charges = [ChargedDays.from_json(row, change.currency) for row in change.charges]
    if not charges:
        return None
    used = [GivenBack.from_json(row, change.currency) for row in change.set_off]
    lines = charge_lines(product=change.product, offer=wanted, book=book, charges=charges)
    told = name_paid_lines(product=change.product, former=former, book=book, used=used)
    lines += credit_lines(product=change.product, used=used, told=told)
    if change.invoice is None:
        buyer = common_address(organization=change.organization, product_ids=[change.product_id])
    else:
        buyer = Party.from_json(change.invoice.buyer)
    return quote(lines=lines, buyer=buyer, seller=default_entity(), currency=change.currency, on=change.on)


def _surplus(change: ChangeQuote, former: Offer, book: PriceBook) -> list[tuple[str, Money]]:
    rows = [GivenBack.from_json(row, change.currency) for row in change.surplus]
    told = name_paid_lines(product=change.product, former=former, book=book, used=rows)
    texts = [line.description for line in credit_lines(product=change.product, used=rows, told=told)]
    return list(zip(texts, (row.gross for row in rows), strict=True))
