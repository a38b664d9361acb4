"""How the log of what was done names services: by their products (ORG-16)."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from organizations.access.guard import OrganizationRequest
from organizations.access.roles import Permission
from organizations.audit.subjects import Found, SubjectKind, register_subject
from products.provisioning.models import Service


def find_products(request: OrganizationRequest, ids: Collection[int]) -> dict[int, Found]:
    """Return the products of these services; those that the reader sees."""
    services = Service.objects.filter(organization_id=request.organization.pk, pk__in=ids)
    scope = request.product_scope
    rows = services.values_list("pk", "product_id", "product__name", "product__family")
    return {pk: Found(name, product) for pk, product, name, family in rows if scope.may_view(product, family)}


register_subject(
    "service",
    SubjectKind(
        words=_("Product"),
        route="products:product",
        permission=Permission.PRODUCTS_VIEW,
        find=find_products,
    ),
)
