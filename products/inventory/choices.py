"""What can be granted to a member: every family, and each product that lives (ORG-13)."""

from collections.abc import Collection

from organizations.access.choices import ProductRef
from products.catalog.selectors import list_families
from products.inventory.models import Product
from products.inventory.search import look_up
from products.inventory.status import ENDED


def list_family_choices() -> list[tuple[str, str]]:
    """Return the families of the catalogue as (slug, name)."""
    return [(family.slug, family.name) for family in list_families()]


def find_product_refs(
    organization_id: int, *, ids: Collection[int] | None = None, search: str = "", limit: int | None = None
) -> list[ProductRef]:
    """Return products of the organization by name: those with `ids`, ended ones too, else living ones."""
    products = Product.objects.filter(organization_id=organization_id)
    products = products.exclude(status__in=ENDED) if ids is None else products.filter(pk__in=ids)
    if search:
        products = look_up(search, organization_id=organization_id).filter(products)
    found = products.order_by("name", "id").values_list("id", "name", "family")
    return [ProductRef(*row) for row in (found if limit is None else found[:limit])]


def find_products_of_kinds(organization_id: int, kinds: Collection[str]) -> list[tuple[int, str]]:
    """Return the living products of plans of these kinds as (id, kind), for support access (ORG-15)."""
    products = Product.objects.filter(organization_id=organization_id, plan__kind__in=kinds)
    return list(products.exclude(status__in=ENDED).values_list("id", "plan__kind"))
