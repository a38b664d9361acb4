"""How the log of what was done names support access, and where it is shown (ORG-16)."""

from collections.abc import Collection

from organizations.access.guard import OrganizationRequest
from organizations.access.roles import Permission
from organizations.audit.subjects import Found, SubjectKind, register_subject
from organizations.support.models import SupportGrant


def find_support(request: OrganizationRequest, ids: Collection[int]) -> dict[int, Found]:
    """Return what these were given for, in the reader's language."""
    grants = SupportGrant.objects.filter(organization_id=request.organization.pk, pk__in=ids)
    return {grant.pk: Found(str(grant.get_kind_display())) for grant in grants}


register_subject(
    "supportgrant",
    SubjectKind(
        route="organizations:support_access",
        permission=Permission.ORGANIZATION_MANAGE,
        has_page=False,
        find=find_support,
    ),
)
