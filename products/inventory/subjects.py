"""How the log of what was done names products, and where they are shown (ORG-16)."""

from collections.abc import Collection

from organizations.access.guard import OrganizationRequest
from organizations.access.roles import Permission
from organizations.audit.subjects import Found, SubjectKind, register_subject
from products.inventory.models import Product


def find_seen(request: OrganizationRequest, ids: Collection[int]) -> dict[int, Found]:
    """Return those of these products that are here and that the reader sees."""
    here = Product.objects.filter(organization_id=request.organization.pk, pk__in=ids)
    seen = request.product_scope.filter(here)
    return {pk: Found(number=pk) for pk in seen.values_list("pk", flat=True)}


register_subject(
    "product",
    SubjectKind(route="products:product", permission=Permission.PRODUCTS_VIEW, find=find_seen),
)
