"""What an offer is made of: the plan, how many of it, its period, its options (PRD-10, PRD-14)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from products.catalog.models import Plan
from products.inventory.models import Product, ProductOption
from products.inventory.selectors import find_options
from products.inventory.services.steps import lock_product, tell
from products.inventory.status import RENEWABLE


class NotModifiable(DomainError):
    """The product is not paid for the first time yet, or its life has ended."""

    code = "product_not_modifiable"
    message = _("The offer of this product cannot be changed now.")


def set_options(*, product: Product, options: Mapping[str, int]) -> None:
    """Let the product have exactly these options, units by slug; called by its order and `modify_product`."""
    rows = ProductOption.objects.filter(organization_id=product.organization_id, product=product)
    rows.exclude(slug__in=options).delete()
    for slug, quantity in options.items():
        ProductOption.objects.update_or_create(
            organization_id=product.organization_id,
            product=product,
            slug=slug,
            defaults={"quantity": quantity},
        )


@transaction.atomic
def modify_product(
    *,
    product: Product,
    plan: Plan,
    months: int,
    quantity: int,
    options: Mapping[str, int],
    actor: Actor,
    at: datetime,
) -> Product:
    """Give the product another offer from now on; what that costs is billing's. Publishes `product.changed`.

    `months` is the period by which it renews next; what is paid stays paid.

    :raises NotModifiable: it is neither active nor suspended.
    """
    product = lock_product(product)
    if product.status not in RENEWABLE:
        raise NotModifiable
    before = _describe(product)
    if product.plan_id != plan.pk and product.name == product.plan.name:
        product.name = plan.name
    product.plan = plan
    product.family = plan.family.slug
    product.months = months
    product.quantity = quantity
    product.save(update_fields=["plan", "family", "months", "quantity", "name"])
    set_options(product=product, options=options)
    tell(product, "product.changed", actor=actor, at=at, before=before, after=_describe(product))
    return product


def _describe(product: Product) -> dict[str, object]:
    return {
        "plan": product.plan.slug,
        "months": product.months,
        "quantity": product.quantity,
        "options": find_options([product])[product.pk],
    }
