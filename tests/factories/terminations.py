"""Wishes to terminate products, made by their verbs."""

from datetime import datetime
from typing import Any

from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.termination.models import Termination
from products.termination.secrets import confirmation_key
from products.termination.services import ask_termination, confirm_termination
from tests.factories.members import actor_of, first_representative
from tests.factories.products import BEGIN


def ask(*products: Product, at: datetime = BEGIN, **details: Any) -> Termination:
    """Return a wish of a legal representative to terminate the products."""
    organization = products[0].organization
    leader = first_representative(organization).user
    with tenant_scope(organization.pk):
        return ask_termination(
            organization=organization,
            **{
                "product_ids": [product.pk for product in products],
                "reason": "moved",
                "user_id": leader.pk,
                "actor": actor_of(leader),
                "at": at,
                **details,
            },
        )


def confirm(
    wish: Termination, organization: Organization, *, at: datetime = BEGIN, key: str = ""
) -> Termination:
    """Return the wish, confirmed by its link."""
    leader = first_representative(organization).user
    with tenant_scope(organization.pk):
        return confirm_termination(
            termination=wish, key=key or confirmation_key(wish), actor=actor_of(leader), at=at
        )
