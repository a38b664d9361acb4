"""The products that somebody chose in a list, to do something with all of them (UI-2)."""

from collections.abc import Collection

from organizations.access.grants import ProductScope
from organizations.profile.models import Organization
from products.inventory.errors import ProductReadOnly
from products.inventory.models import Product
from products.inventory.selectors import ProductNotFound


def get_managed(
    *, organization: Organization, scope: ProductScope, product_ids: Collection[int]
) -> list[Product]:
    """Return the products of these ids by name, all of which the member of `scope` manages.

    :raises ProductNotFound: none was chosen, or one of them is not there, or not for this member.
    :raises ProductReadOnly: one of them may only be viewed.
    """
    wanted = set(product_ids)
    found = scope.filter(Product.objects.filter(organization_id=organization.pk))
    products = list(found.filter(pk__in=wanted).order_by("name", "pk"))
    if not wanted or len(products) != len(wanted):
        raise ProductNotFound
    if not all(scope.may_manage(product.pk, product.family) for product in products):
        raise ProductReadOnly
    return products
