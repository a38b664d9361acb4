"""Quote a change of an offer; nothing changes yet (PRD-10, PRD-14)."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing.changes.compute import Change, compute_change
from billing.changes.models import ChangeQuote
from billing.changes.offer import Offer
from billing.changes.rules import VALID_FOR, ShorterTooEarly, list_choices, refusal_of, shorter_from
from billing.orders.services.cart import MOST_UNITS, QuantityRefused
from billing.profiles.selectors import common_address
from manager.kit.clock import day_in
from manager.kit.errors import DomainError
from products.catalog.models import Plan
from products.catalog.price_book import read_price_book
from products.catalog.pricing import clean_options
from products.catalog.selectors import PriceNotFound
from products.inventory.models import Product


class NotChangeable(DomainError):
    """The product does not run; the message says what to do."""

    code = "offer_not_changeable"


class PlanRefused(DomainError):
    """The product cannot become this plan."""

    code = "plan_refused"
    status = 422
    field = "plan"
    message = _("This product cannot be changed to this offer.")


class NothingChanged(DomainError):
    """The wanted offer is the present one."""

    code = "nothing_changed"
    status = 422
    message = _("This is the offer that you have already.")


@transaction.atomic
def quote_change(
    *,
    product: Product,
    plan: Plan | None = None,
    months: int | None = None,
    quantity: int | None = None,
    options: Mapping[str, int] | None = None,
    at: datetime,
) -> ChangeQuote:
    """Return a stored quote of another plan, period, quantity or options, from today on; None keeps a thing.

    It is computed by day over the days that are paid and can be accepted for 15 minutes. Another period
    costs nothing now: it begins when the paid time ends. `options` are all that the product shall have,
    units by slug; None keeps those that the plan has.

    :raises NotChangeable: the product is not active, or expires today.
    :raises PlanRefused: the product cannot become this plan.
    :raises QuantityRefused: not between 1 and 100, or not 1 of a domain.
    :raises OptionRefused: the plan has no such option, or not so many units.
    :raises ShorterTooEarly: a shorter period before the last month of the paid time.
    :raises PriceNotFound: the offer is not sold like this.
    :raises NothingChanged: it is what the product has.
    """
    organization = product.organization
    today = day_in(organization.time_zone, at)
    refusal = refusal_of(product, today)
    if refusal is not None:
        raise NotChangeable(refusal)
    former = Offer.of(product)
    plan = plan or product.plan
    if plan not in list_choices(product):
        raise PlanRefused
    book = read_price_book(plans={product.plan, plan}, currency=organization.currency, on=today)
    had = former.options if plan == product.plan else {}
    if options is None:
        options = {slug: units for slug, units in former.options.items() if slug in book.options_of(plan)}
    wanted = Offer(
        plan=plan,
        months=product.months if months is None else months,
        quantity=_checked_quantity(product, plan, quantity),
        options=clean_options(book, plan=plan, chosen=options, kept=had),
    )
    _check_period(product, wanted, today)
    if wanted.parts(book) is None:
        raise PriceNotFound
    if wanted == former:
        raise NothingChanged
    buyer = common_address(organization=organization, product_ids=[product.pk])
    change = compute_change(product=product, former=former, wanted=wanted, book=book, buyer=buyer, on=today)
    return _store(product, former=former, wanted=wanted, change=change, on=today, at=at)


def _checked_quantity(product: Product, plan: Plan, quantity: int | None) -> int:
    if quantity is None:
        return product.quantity
    most = 1 if plan.needs_domain_name else max(MOST_UNITS, product.quantity)
    if type(quantity) is not int or not 1 <= quantity <= most:
        raise QuantityRefused
    return quantity


def _check_period(product: Product, wanted: Offer, today: date) -> None:
    first = shorter_from(product)
    if wanted.months < product.months and today < first:
        raise ShorterTooEarly(possible_from=first.isoformat())


def _store(
    product: Product, *, former: Offer, wanted: Offer, change: Change, on: date, at: datetime
) -> ChangeQuote:
    return ChangeQuote.objects.create(
        organization_id=product.organization_id,
        product=product,
        on=on,
        plan=wanted.plan,
        months=wanted.months,
        quantity=wanted.quantity,
        options=dict(wanted.options),
        before=former.as_json(product),
        currency=change.currency,
        charges=[row.as_json() for row in change.charges],
        set_off=[row.as_json() for row in change.set_off],
        surplus=[row.as_json() for row in change.surplus],
        due_amount=change.due.amount,
        surplus_amount=change.left_over.amount,
        created_at=at,
        valid_until=at + VALID_FOR,
    )
