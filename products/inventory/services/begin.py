"""A product begins: created by an order, activated by its payment (PRD-7)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from manager.kit.actor import Actor
from manager.kit.clock import add_months, day_in
from manager.kit.errors import DomainError
from manager.kit.fields import PERIOD_MONTHS
from organizations.profile.models import Organization
from products.catalog.models import Plan
from products.inventory.models import Product
from products.inventory.services.names import clean_name
from products.inventory.services.steps import lock_product, move, tell

MAX_QUANTITY = 100_000


class PeriodInvalid(DomainError):
    """No product renews by this number of months."""

    code = "period_invalid"
    status = 422
    field = "months"
    message = _("Please choose one of the offered periods.")


class QuantityInvalid(DomainError):
    """The quantity is not a whole number from 1 on, or far too big."""

    code = "quantity_invalid"
    status = 422
    field = "quantity"
    message = _("Please choose a quantity of at least 1.")


@transaction.atomic
def create_product(
    *,
    organization: Organization,
    plan: Plan,
    name: str,
    months: int,
    quantity: int,
    actor: Actor,
    at: datetime,
    setup: Mapping[str, str] | None = None,
) -> Product:
    """Create a pending product of an order that is not paid yet. Without a name it is called as its plan.

    `setup` is what was chosen for its first setting up, as `clean_setup` returns it.

    :raises PeriodInvalid: `months` is no period that the panel sells.
    :raises QuantityInvalid: `quantity` is below 1 or far too big.
    :raises NameInvalid: see `clean_name`.
    """
    if months not in PERIOD_MONTHS:
        raise PeriodInvalid
    if type(quantity) is not int or not 1 <= quantity <= MAX_QUANTITY:
        raise QuantityInvalid
    product = Product.objects.create(
        organization=organization,
        plan=plan,
        family=plan.family.slug,
        name=clean_name(name.strip() or plan.name),
        months=months,
        quantity=quantity,
        setup=dict(setup or {}),
        created_at=at,
    )
    tell(product, "product.created", actor=actor, at=at, plan=plan.slug, months=months, quantity=quantity)
    return product


@transaction.atomic
def activate_product(
    *, product: Product, months: int, actor: Actor, at: datetime, renews_by: int | None = None
) -> Product:
    """Make a paid product active from the day of the payment, in the organization's zone (PRD-7).

    That day is the anchor of all its periods; it expires `months` later, and then renews by as many, or by
    `renews_by` where it began with a trial.

    :raises IllegalTransition: it is not pending.
    :raises PeriodInvalid: it would renew by a period that the panel does not sell.
    """
    if (renews_by or months) not in PERIOD_MONTHS:
        raise PeriodInvalid
    product = lock_product(product)
    move(product, "activate")
    today = day_in(product.organization.time_zone, at)
    product.activated_at = at
    product.months = renews_by or months
    product.anchor_day = today.day
    product.expires_on = add_months(today, months, anchor=today.day)
    product.save(update_fields=["status", "activated_at", "months", "anchor_day", "expires_on"])
    tell(product, "product.activated", actor=actor, at=at, expires_on=product.expires_on.isoformat())
    return product
