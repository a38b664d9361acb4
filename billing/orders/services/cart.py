"""Fill and change the organization's cart. Prices are read when the cart is shown (PRD-3)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from billing.orders.models import CartLine
from billing.orders.services.choose import (
    MOST_UNITS,
    QuantityRefused,
    choose_plan,
    require_quantity,
    require_sold,
)
from billing.orders.trials import TrialRefused, require_untried
from manager.kit.clock import day_in
from manager.kit.errors import DomainError, NotFound
from organizations.profile.models import Organization
from products.catalog.models import Plan

MOST_LINES = 50

__all__ = [
    "MOST_LINES",
    "MOST_UNITS",
    "CartFull",
    "QuantityRefused",
    "add_to_cart",
    "build_line",
    "change_cart_line",
    "lock_cart",
    "remove_from_cart",
]


class CartFull(DomainError):
    """The cart holds as many lines as it can."""

    code = "cart_full"
    message = _("The cart is full. Please order what is in it first.")


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
    is_trial: bool = False,
    person_id: int | None = None,
    visitor_key: str = "",
    setup: Mapping[str, Any] | None = None,
) -> CartLine:
    """Put a plan into the cart; `name` is the domain name where the plan needs one, else what to call it.

    `options` are units by slug. A domain name already in the cart with the same plan is not added twice: its
    line is given back, with the period and the options chosen now. So is the line of a visitor's cart that
    was taken over already, by its `visitor_key`. `is_trial` begins with the plan's free months, once for the
    organization and for the person. `setup` is what was chosen for the setting up.

    :raises PriceNotFound: the plan or an option is not sold for `months` in the organization's currency.
    :raises OptionRefused: the plan has no such option, or not so many units.
    :raises QuantityRefused: not between 1 and 100.
    :raises DomainNameInvalid: the plan needs a domain name and `name` is none.
    :raises DomainNameTaken: the domain name is registered already.
    :raises TrialRefused: the plan has no trial like this, or it was had, or another one is in the cart.
    :raises SetupRefused: the plan does not offer what was chosen for its setting up.
    :raises CartFull: it holds 50 lines.
    """
    line = build_line(
        organization=organization,
        plan=plan,
        months=months,
        quantity=quantity,
        name=name,
        options=options,
        is_trial=is_trial,
        setup=setup,
        at=at,
    )
    line.visitor_key = visitor_key
    lock_cart(organization)
    lines = CartLine.objects.filter(organization_id=organization.pk)
    if visitor_key and (known := lines.filter(visitor_key=visitor_key).first()):
        return known
    if is_trial:
        if lines.filter(is_trial=True, plan__kind=plan.kind).exists():
            raise TrialRefused(_("A trial of this kind is in your cart already."))
        require_untried(organization=organization, person_id=person_id, kind=plan.kind)
    if plan.needs_domain_name and (known := lines.filter(plan=plan, name=line.name).first()):
        known.months, known.options, known.setup = line.months, line.options, line.setup
        known.save(update_fields=["months", "options", "setup"])
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
    is_trial: bool = False,
    setup: Mapping[str, Any] | None = None,
) -> CartLine:
    """Return a line as `add_to_cart` takes it, checked but not stored; raises as `choose_plan` does."""
    line = choose_plan(
        plan=plan,
        months=months,
        quantity=quantity,
        name=name,
        options=options or {},
        is_trial=is_trial,
        setup=setup,
        currency=organization.currency,
        on=day_in(organization.time_zone, at),
    )
    line.organization_id = organization.pk
    line.created_at = at
    return line


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
    require_quantity(quantity)
    line = (
        CartLine.objects.select_for_update(of=("self",))
        .select_related("plan")
        .filter(organization_id=organization.pk, pk=line_id)
        .first()
    )
    if line is None:
        raise NotFound(_("This line is no longer in the cart."))
    require_sold(
        plan=line.plan,
        months=months,
        options=line.options,
        currency=organization.currency,
        on=day_in(organization.time_zone, at),
    )
    line.months = months
    line.quantity = 1 if line.plan.needs_domain_name or line.is_trial else quantity
    line.save(update_fields=["months", "quantity"])
    return line


def remove_from_cart(*, organization: Organization, line_id: int) -> None:
    """Take a line out of the cart; one that is gone already is fine."""
    CartLine.objects.filter(organization_id=organization.pk, pk=line_id).delete()
