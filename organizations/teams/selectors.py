"""Read teams and who is in them."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, Exists, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Lower

from accounts.users.selectors import matching
from manager.kit.errors import NotFound
from manager.kit.keyset import SortKey
from manager.kit.names import lowered
from organizations.access.models import Grant
from organizations.access.timebox import live
from organizations.members.models import Invitation, Membership
from organizations.teams.models import InvitationTeam, Team, TeamMembership

BY_NAME = SortKey(Lower("name"), lambda team: lowered(team.name))
BY_JOINING = SortKey(F("created_at"), lambda row: row.created_at.isoformat(), datetime.fromisoformat)


def list_teams(*, organization_id: int, at: datetime, search: str = "") -> QuerySet[Team]:
    """Return the teams with their leaders and, as `members` and `live_grants`, how many of each."""
    teams = Team.objects.filter(organization_id=organization_id).select_related("leader__user")
    if search:
        teams = teams.filter(name__icontains=search)
    return teams.annotate(
        members=_count(TeamMembership.objects.filter(team_id=OuterRef("pk"))),
        live_grants=_count(Grant.objects.filter(live(at), team_id=OuterRef("pk"))),
    )


def _count(rows: QuerySet[TeamMembership] | QuerySet[Grant]) -> Coalesce:
    counted = rows.order_by().values("team_id").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def list_team_choices(*, organization_id: int) -> list[tuple[int, str]]:
    """Return the teams as (id, name), by name."""
    teams = Team.objects.filter(organization_id=organization_id)
    return list(teams.order_by(Lower("name")).values_list("id", "name"))


def get_team(*, organization_id: int, team_id: int) -> Team:
    """Return a team with its leader.

    :raises NotFound: no such team in this organization.
    """
    teams = Team.objects.select_related("leader__user").filter(organization_id=organization_id)
    team = teams.filter(pk=team_id).first()
    if team is None:
        raise NotFound
    return team


def list_places(*, team: Team, search: str = "") -> QuerySet[TeamMembership]:
    """Return who is in a team, with memberships and users."""
    places = TeamMembership.objects.filter(organization_id=team.organization_id, team_id=team.pk)
    return places.filter(matching(search, via="membership__user__")).select_related("membership__user")


def list_outsiders(*, team: Team, search: str = "", limit: int = 50) -> list[Membership]:
    """Return members of the organization who are not in the team, by name, at most `limit`."""
    inside = TeamMembership.objects.filter(
        organization_id=team.organization_id, team_id=team.pk, membership_id=OuterRef("pk")
    )
    members = Membership.objects.filter(
        ~Exists(inside), matching(search, via="user__"), organization_id=team.organization_id
    )
    members = members.select_related("user").order_by("user__first_name", "user__last_name", "id")
    return list(members[:limit])


def list_invited(*, team: Team) -> list[Invitation]:
    """Return the open invitations that lead into the team, newest first."""
    into = InvitationTeam.objects.filter(organization_id=team.organization_id, team_id=team.pk)
    open_ones = Invitation.objects.filter(
        organization_id=team.organization_id, accepted_at=None, withdrawn_at=None
    )
    return list(open_ones.filter(pk__in=into.values("invitation_id")).order_by("-id")[:50])


def find_teams_of(*, organization_id: int, membership_ids: Collection[int]) -> dict[int, list[Team]]:
    """Return by membership the teams that it is in, by name; one query."""
    places = TeamMembership.objects.filter(
        organization_id=organization_id, membership_id__in=membership_ids
    ).select_related("team")
    teams: dict[int, list[Team]] = defaultdict(list)
    for place in places.order_by(Lower("team__name")):
        teams[place.membership_id].append(place.team)
    return teams


def list_places_by_membership(*, team: Team, membership_ids: Collection[int]) -> list[TeamMembership]:
    """Return those places in the team that belong to the memberships, with users."""
    return list(list_places(team=team).filter(membership_id__in=membership_ids).order_by("pk"))
