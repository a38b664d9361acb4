"""Whom and what an act of a simulation is about."""

from collections.abc import Collection

from manager.demo.simulation.world import World
from manager.kit.scope import current_scope
from organizations.profile.models import Organization
from products.inventory.models import Product


def choose_organization(world: World) -> Organization:
    """Return the organization in whose scope the act runs."""
    return next(row for row in world.organizations if row.pk == current_scope().organization_id)


def choose_product(
    world: World, organization: Organization, statuses: Collection[str], *, soon: bool = False
) -> Product | None:
    """Return one of the organization's products in such a state, one of the next to expire with `soon`."""
    found = Product.objects.filter(organization_id=organization.pk, status__in=sorted(statuses))
    ids = list(found.order_by("expires_on" if soon else "pk", "pk").values_list("pk", flat=True))
    if not ids:
        return None
    pk = world.dice.choice(ids[:4] if soon else ids)
    return Product.objects.select_related("plan__family", "organization").get(
        pk=pk, organization_id=organization.pk
    )
