"""Fill and change the organization's cart. Prices are read when the cart is shown (PRD-3)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing.orders.domain_names import clean_domain_name
from billing.orders.models import CartLine
from manager.kit.clock import day_in
from manager.kit.errors import DomainError, NotFound
from organizations.profile.models import Organization
from products.catalog.models import Plan, Purpose
from products.catalog.price_book import read_price_book
from products.catalog.pricing import clean_options, price_parts
from products.catalog.selectors import PriceNotFound
from products.inventory.services import clean_name

MOST_LINES = 50
MOST_UNITS = 100


class CartFull(DomainError):
    """The cart holds as many lines as it can."""

    code = "cart_full"
    message = _("The cart is full. Please order what is in it first.")


class QuantityRefused(DomainError):
    """The quantity is not a whole number between 1 and 100."""

    code = "quantity_invalid"
    status = 422
    field = "quantity"
    message = _("Please choose a quantity between 1 and 100.")


@transaction.atomic
def add_to_cart(
    *,
    organization: Organization,
    plan: Plan,
    months: int,
    quantity: int,
    name: str,
    at: datetime,
    options: Mapping[str, int] | None = None,
) -> CartLine:
    """Put a plan into the cart; `name` is the domain name where the plan needs one, else what to call it.

    `options` are units by slug. A domain name already in the cart with the same plan is not added twice: its
    line is given back, with the period and the options chosen now.

    :raises PriceNotFound: the plan or an option is not sold for `months` in the organization's currency.
    :raises OptionRefused: the plan has no such option, or not so many units.
    :raises QuantityRefused: not between 1 and 100.
    :raises DomainNameInvalid: the plan needs a domain name and `name` is none.
    :raises CartFull: it holds 50 lines.
    """
    line = build_line(
        organization=organization,
        plan=plan,
        months=months,
        quantity=quantity,
        name=name,
        options=options,
        at=at,
    )
    lock_cart(organization)
    lines = CartLine.objects.filter(organization_id=organization.pk)
    if plan.needs_domain_name and (known := lines.filter(plan=plan, name=line.name).first()):
        known.months, known.options = line.months, line.options
        known.save(update_fields=["months", "options"])
        return known
    if lines.count() >= MOST_LINES:
        raise CartFull
    line.save(force_insert=True)
    return line


def build_line(
    *,
    organization: Organization,
    plan: Plan,
    months: int,
    quantity: int,
    name: str,
    at: datetime,
    options: Mapping[str, int] | None = None,
) -> CartLine:
    """Return a line as `add_to_cart` takes it, checked but not stored.

    :raises PriceNotFound: the plan or an option is not sold for `months` in the organization's currency.
    :raises OptionRefused: the plan has no such option, or not so many units.
    :raises QuantityRefused: not between 1 and 100.
    :raises DomainNameInvalid: the plan needs a domain name and `name` is none.
    :raises NameInvalid: `name` cannot be a product's name.
    """
    _require_quantity(quantity)
    if not plan.is_orderable:
        raise PriceNotFound
    chosen = _require_sold(organization, plan, months, options or {}, at)
    if plan.needs_domain_name:
        name, quantity = clean_domain_name(name), 1
    elif name.strip():
        name = clean_name(name)
    return CartLine(
        organization_id=organization.pk,
        plan=plan,
        months=months,
        quantity=quantity,
        options=chosen,
        name=name.strip(),
        created_at=at,
    )


def _require_sold(
    organization: Organization, plan: Plan, months: int, options: Mapping[str, int], at: datetime
) -> dict[str, int]:
    """Return the options as a line keeps them, if the plan is sold with them for this period."""
    today = day_in(organization.time_zone, at)
    book = read_price_book(plans=[plan], currency=organization.currency, on=today)
    chosen = clean_options(book, plan=plan, chosen=options)
    price_parts(book, plan=plan, months=months, quantity=1, options=chosen, purpose=Purpose.REGISTER)
    return chosen


def lock_cart(organization: Organization) -> None:
    """Let one request at a time change the organization's cart; what refers to the row does not wait."""
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)


@transaction.atomic
def change_cart_line(
    *, organization: Organization, line_id: int, months: int, quantity: int, at: datetime
) -> CartLine:
    """Give a line of the cart another period or quantity.

    :raises NotFound: the cart has no such line.
    :raises PriceNotFound: the plan is not sold for `months`.
    :raises QuantityRefused: not between 1 and 100.
    """
    _require_quantity(quantity)
    line = (
        CartLine.objects.select_for_update(of=("self",))
        .select_related("plan")
        .filter(organization_id=organization.pk, pk=line_id)
        .first()
    )
    if line is None:
        raise NotFound(_("This line is no longer in the cart."))
    _require_sold(organization, line.plan, months, line.options, at)
    line.months = months
    line.quantity = 1 if line.plan.needs_domain_name else quantity
    line.save(update_fields=["months", "quantity"])
    return line


def remove_from_cart(*, organization: Organization, line_id: int) -> None:
    """Take a line out of the cart; one that is gone already is fine."""
    CartLine.objects.filter(organization_id=organization.pk, pk=line_id).delete()


def _require_quantity(quantity: int) -> None:
    if type(quantity) is not int or not 1 <= quantity <= MOST_UNITS:
        raise QuantityRefused
