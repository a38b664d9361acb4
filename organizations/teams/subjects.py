"""How the log of what was done names teams, and where they are shown (ORG-16)."""

from collections.abc import Collection

from organizations.access.guard import OrganizationRequest
from organizations.access.roles import Permission
from organizations.audit.subjects import Found, SubjectKind, register_subject
from organizations.teams.models import Team


def find_teams(request: OrganizationRequest, ids: Collection[int]) -> dict[int, Found]:
    """Return those of these teams that are still there."""
    teams = Team.objects.filter(organization_id=request.organization.pk, pk__in=ids)
    return {pk: Found(number=pk) for pk in teams.values_list("pk", flat=True)}


register_subject(
    "team", SubjectKind(route="organizations:team", permission=Permission.MEMBERS_VIEW, find=find_teams)
)
