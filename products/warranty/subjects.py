"""How the log of what was done names cases of Renewal Warranty: by their domains (ORG-16)."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from organizations.access.guard import OrganizationRequest
from organizations.audit.subjects import Found, SubjectKind, register_subject
from products.warranty.models import ContactTask, WarrantyCase


def find_domains(request: OrganizationRequest, ids: Collection[int]) -> dict[int, Found]:
    """Return the names of the domains of these cases."""
    cases = WarrantyCase.objects.filter(organization_id=request.organization.pk, pk__in=ids)
    return {pk: Found(name) for pk, name in cases.values_list("pk", "product_name")}


def find_contacted(request: OrganizationRequest, ids: Collection[int]) -> dict[int, Found]:
    """Return the names of the domains about which the owners were contacted by these."""
    tasks = ContactTask.objects.filter(organization_id=request.organization.pk, pk__in=ids)
    return {pk: Found(name) for pk, name in tasks.values_list("pk", "case__product_name")}


register_subject("warrantycase", SubjectKind(words=_("Renewal Warranty"), find=find_domains))
register_subject("contacttask", SubjectKind(words=_("Renewal Warranty"), find=find_contacted))
