"""How the log of what was done names terminations: by their products (ORG-16)."""

from collections import defaultdict
from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from organizations.access.guard import OrganizationRequest
from organizations.access.roles import Permission
from organizations.audit.subjects import Found, SubjectKind, register_subject
from products.termination.models import TerminatedProduct


def find_terminated(request: OrganizationRequest, ids: Collection[int]) -> dict[int, Found]:
    """Return the names of the products that the reader's organization wanted to end with each of these."""
    rows = TerminatedProduct.objects.filter(organization_id=request.organization.pk, termination__in=ids)
    names = defaultdict(list)
    for termination, name in rows.order_by("pk").values_list("termination_id", "product_name"):
        names[termination].append(name)
    return {termination: Found(", ".join(found)) for termination, found in names.items()}


register_subject(
    "termination",
    SubjectKind(
        words=_("Termination"),
        route="products:terminations",
        permission=Permission.ORGANIZATION_MANAGE,
        has_page=False,
        find=find_terminated,
    ),
)
