"""Changes of an offer for the matrix: quoted, and waiting for their payment, made by their verbs."""

from typing import Any

from billing.changes.models import ChangeQuote
from billing.changes.services import accept_change, quote_change
from manager.kit.actor import Actor
from manager.kit.clock import now
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.inventory.models import Product
from tests.factories.billing import make_legal_entity
from tests.factories.products import make_product
from tests.isolation.world import GRANTED_FAMILY, MAKERS, World, plan_of, word_of


def _product(world: World, organization: Organization, made: dict[str, Any]) -> int:
    """Return a product that is paid from today on, with its quote."""
    make_legal_entity()
    name = f"{word_of(world, organization)}-changing.example"
    product = make_product(organization, plan=plan_of(GRANTED_FAMILY), name=name, at=now())
    _quote(organization, product.pk)
    return product.pk


def _quote(organization: Organization, product_id: int) -> ChangeQuote:
    with tenant_scope(organization.pk):
        product = Product.objects.select_related("organization", "plan__family").get(pk=product_id)
        return quote_change(product=product, quantity=2, at=now())


def _waiting(world: World, organization: Organization, made: dict[str, Any]) -> int:
    product_id = _product(world, organization, made)
    with tenant_scope(organization.pk):
        change = ChangeQuote.objects.select_related("organization", "product__plan").get(
            product_id=product_id
        )
        accept_change(change=change, actor=Actor.system("matrix"), at=now())
    return product_id


def _of(name: str) -> Any:
    return lambda world, organization, made: ChangeQuote.objects.get(product_id=made[name]).pk


MAKERS.update(
    {
        "changing_id": _product,
        "change_id": _of("changing_id"),
        "waiting_id": _waiting,
        "waiting_change_id": _of("waiting_id"),
    }
)
