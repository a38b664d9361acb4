"""Fill and change the organization's cart. Prices are read when the cart is shown (PRD-3)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing.orders.domain_names import clean_domain_name
from billing.orders.models import CartLine
from manager.kit.clock import day_in
from manager.kit.errors import DomainError, NotFound
from organizations.profile.models import Organization
from products.catalog.models import Plan
from products.catalog.selectors import PriceNotFound, get_price
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
    *, organization: Organization, plan: Plan, months: int, quantity: int, name: str, at: datetime
) -> CartLine:
    """Put a plan into the cart; `name` is the domain name where the plan needs one, else what to call it.

    A domain name already in the cart with the same plan is not added twice: its line is given back.

    :raises PriceNotFound: the plan is not sold for `months` in the organization's currency.
    :raises QuantityRefused: not between 1 and 100.
    :raises DomainNameInvalid: the plan needs a domain name and `name` is none.
    :raises CartFull: it holds 50 lines.
    """
    line = build_line(
        organization=organization, plan=plan, months=months, quantity=quantity, name=name, at=at
    )
    lock_cart(organization)
    lines = CartLine.objects.filter(organization_id=organization.pk)
    if plan.needs_domain_name and (known := lines.filter(plan=plan, name=line.name).first()):
        return known
    if lines.count() >= MOST_LINES:
        raise CartFull
    line.save(force_insert=True)
    return line


def build_line(
    *, organization: Organization, plan: Plan, months: int, quantity: int, name: str, at: datetime
) -> CartLine:
    """Return a line as `add_to_cart` takes it, checked but not stored.

    :raises PriceNotFound: the plan is not sold for `months` in the organization's currency.
    :raises QuantityRefused: not between 1 and 100.
    :raises DomainNameInvalid: the plan needs a domain name and `name` is none.
    :raises NameInvalid: `name` cannot be a product's name.
    """
    _require_quantity(quantity)
    if not plan.is_orderable:
        raise PriceNotFound
    get_price(plan=plan, months=months, currency=organization.currency, on=day_in(organization.time_zone, at))
    if plan.needs_domain_name:
        name, quantity = clean_domain_name(name), 1
    elif name.strip():
        name = clean_name(name)
    return CartLine(
        organization_id=organization.pk,
        plan=plan,
        months=months,
        quantity=quantity,
        name=name.strip(),
        created_at=at,
    )


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
    today = day_in(organization.time_zone, at)
    get_price(plan=line.plan, months=months, currency=organization.currency, on=today)
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
