"""How the log of what was done names members, and where they are shown (ORG-16)."""

from collections.abc import Collection

from organizations.access.guard import OrganizationRequest
from organizations.access.roles import Permission
from organizations.audit.subjects import Found, SubjectKind, register_subject
from organizations.members.models import Membership


def find_members(request: OrganizationRequest, ids: Collection[int]) -> dict[int, Found]:
    """Return those of these people who are members."""
    members = Membership.objects.filter(organization_id=request.organization.pk, user__in=ids)
    return {one.user_id: Found(one.user.name, one.pk) for one in members.select_related("user")}


register_subject(
    "user",
    SubjectKind(route="organizations:member", permission=Permission.MEMBERS_MANAGE, find=find_members),
)
