"""Teams over REST."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.tokens.scopes import Scope
from manager.kit.api import success
from manager.kit.fields import refuse_control_characters
from manager.kit.ids import MAX_ID
from manager.kit.listing import Listing, answer_list
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission
from organizations.teams.models import Color, Team
from organizations.teams.selectors import BY_JOINING, BY_NAME, get_team, list_places, list_teams
from organizations.teams.services import (
    add_to_team,
    create_team,
    delete_team,
    edit_team,
    name_leader,
    remove_from_team,
)

MOST_AT_ONCE = 100


class TeamInput(serializers.Serializer[Any]):
    """What a team is called, and its colour (ORG-12)."""

    name = serializers.CharField(max_length=60, validators=[refuse_control_characters])
    color = serializers.ChoiceField(choices=Color.choices, default=Color.INDIGO)


class TeamPatch(serializers.Serializer[Any]):
    """What to change of a team; `leader_id` is a membership's id, null for nobody."""

    name = serializers.CharField(max_length=60, required=False, validators=[refuse_control_characters])
    color = serializers.ChoiceField(choices=Color.choices, required=False)
    leader_id = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=MAX_ID)


class TeamOutput(serializers.Serializer[Any]):
    """A team."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    color = serializers.ChoiceField(choices=Color.choices)
    leader_id = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()


class TeamMemberOutput(serializers.Serializer[Any]):
    """A member in a team; `id` is that of the membership."""

    id = serializers.IntegerField(source="membership_id")
    name = serializers.CharField(source="membership.user.name")
    email = serializers.CharField(source="membership.user.email")
    created_at = serializers.DateTimeField()


class TeamMembersInput(serializers.Serializer[Any]):
    """Memberships to take into a team, all of them or none."""

    members = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MAX_ID),
        min_length=1,
        max_length=MOST_AT_ONCE,
    )


class TeamList(OrganizationAPIView):
    """The teams of an organization."""

    permissions = {"GET": Permission.MEMBERS_VIEW, "POST": Permission.MEMBERS_MANAGE}
    scopes = {"GET": Scope.ORGANIZATIONS_READ, "POST": Scope.ORGANIZATIONS_WRITE}
    listing = Listing(orders={"name": BY_NAME}, searched=True)

    @extend_schema(responses=TeamOutput(many=True), operation_id="teams_list")
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List the teams by name, a page at a time."""
        asked = self.listing.read(request.query_params)
        rows = list_teams(organization_id=request.organization.pk, at=request.at, **asked.criteria)
        return answer_list(asked, rows, TeamOutput)

    @extend_schema(request=TeamInput, responses={201: TeamOutput}, operation_id="teams_create")
    def post(self, request: OrganizationAPIRequest) -> Response:
        """Create an empty team."""
        given = TeamInput(data=request.data)
        given.is_valid(raise_exception=True)
        team = create_team(
            organization_id=request.organization.pk,
            actor=request.actor,
            at=request.at,
            **given.validated_data,
        )
        return success(TeamOutput(team).data, code=status.HTTP_201_CREATED)


class TeamDetail(OrganizationAPIView):
    """One team."""

    permissions = {
        "GET": Permission.MEMBERS_VIEW,
        "PATCH": Permission.MEMBERS_MANAGE,
        "DELETE": Permission.MEMBERS_MANAGE,
    }
    scopes = {
        "GET": Scope.ORGANIZATIONS_READ,
        "PATCH": Scope.ORGANIZATIONS_WRITE,
        "DELETE": Scope.ORGANIZATIONS_WRITE,
    }

    @extend_schema(responses=TeamOutput, operation_id="teams_get")
    def get(self, request: OrganizationAPIRequest, team_id: int) -> Response:
        """Show a team."""
        team = get_team(organization_id=request.organization.pk, team_id=team_id)
        return success(TeamOutput(team).data)

    @extend_schema(request=TeamPatch, responses=TeamOutput, operation_id="teams_change")
    def patch(self, request: OrganizationAPIRequest, team_id: int) -> Response:
        """Give a team another name, colour or leader."""
        given = TeamPatch(data=request.data)
        given.is_valid(raise_exception=True)
        team = _change(request, get_team(organization_id=request.organization.pk, team_id=team_id), given)
        return success(TeamOutput(team).data)

    @extend_schema(responses={200: None}, operation_id="teams_delete")
    def delete(self, request: OrganizationAPIRequest, team_id: int) -> Response:
        """Delete a team with what is granted to it; its members stay members."""
        delete_team(
            organization_id=request.organization.pk, team_id=team_id, actor=request.actor, at=request.at
        )
        return success(None)


def _change(request: OrganizationAPIRequest, team: Team, given: TeamPatch) -> Team:
    wanted = dict(given.validated_data)
    by: dict[str, Any] = {
        "organization_id": request.organization.pk,
        "team_id": team.pk,
        "actor": request.actor,
        "at": request.at,
    }
    if "leader_id" in wanted:
        team = name_leader(leader_id=wanted.pop("leader_id"), **by)
    if wanted:
        team = edit_team(name=wanted.get("name", team.name), color=wanted.get("color", team.color), **by)
    return team


class TeamMemberList(OrganizationAPIView):
    """The members of a team. Who leads the team may add, as pages allow it, too."""

    permissions = {"GET": Permission.MEMBERS_VIEW, "POST": Permission.MEMBERS_VIEW}
    scopes = {"GET": Scope.ORGANIZATIONS_READ, "POST": Scope.ORGANIZATIONS_WRITE}
    listing = Listing(orders={"created_at": BY_JOINING}, searched=True)

    @extend_schema(responses=TeamMemberOutput(many=True), operation_id="team_members_list")
    def get(self, request: OrganizationAPIRequest, team_id: int) -> Response:
        """List who is in the team, in the order of joining it, a page at a time."""
        team = get_team(organization_id=request.organization.pk, team_id=team_id)
        asked = self.listing.read(request.query_params)
        return answer_list(asked, list_places(team=team, **asked.criteria), TeamMemberOutput)

    @extend_schema(
        request=TeamMembersInput,
        responses={201: TeamMemberOutput(many=True)},
        operation_id="team_members_add",
    )
    def post(self, request: OrganizationAPIRequest, team_id: int) -> Response:
        """Take members into the team; answers with those who were not in it yet."""
        given = TeamMembersInput(data=request.data)
        given.is_valid(raise_exception=True)
        organization_id = request.organization.pk
        added = add_to_team(
            organization_id=organization_id,
            team_id=team_id,
            membership_ids=set(given.validated_data["members"]),
            adder=request.membership,
            actor=request.actor,
            at=request.at,
        )
        team = get_team(organization_id=organization_id, team_id=team_id)
        places = list_places(team=team).filter(membership__in=added).order_by("pk")
        return success(TeamMemberOutput(places, many=True).data, code=status.HTTP_201_CREATED)


class TeamMemberDetail(OrganizationAPIView):
    """One member of a team."""

    permissions = {"DELETE": Permission.MEMBERS_VIEW}
    scopes = {"DELETE": Scope.ORGANIZATIONS_WRITE}

    @extend_schema(responses={200: None}, operation_id="team_members_remove")
    def delete(self, request: OrganizationAPIRequest, team_id: int, membership_id: int) -> Response:
        """Take a member out of the team; what came by it ends at once."""
        remove_from_team(
            organization_id=request.organization.pk,
            team_id=team_id,
            membership_ids={membership_id},
            remover=request.membership,
            actor=request.actor,
            at=request.at,
        )
        return success(None)
