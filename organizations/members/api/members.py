"""Members and invitations over REST."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.tokens.scopes import Scope
from manager.kit.api import success
from manager.kit.fields import refuse_control_characters
from manager.kit.keyset import paginate
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission, Role
from organizations.members.selectors import BY_JOINING, list_invitations, list_members
from organizations.members.services import invite_members
from organizations.members.services.invite import MOST_AT_ONCE, MOST_OPEN

AFTER = OpenApiParameter("after", str, description="The cursor `next` of the page before.")


class MemberOutput(serializers.Serializer[Any]):
    """A member of an organization."""

    id = serializers.IntegerField()
    user_id = serializers.IntegerField()
    first_name = serializers.CharField(source="user.first_name")
    last_name = serializers.CharField(source="user.last_name")
    email = serializers.CharField(source="user.email")
    role = serializers.ChoiceField(choices=Role.choices)
    has_billing = serializers.BooleanField()
    created_at = serializers.DateTimeField()


class InvitationOutput(serializers.Serializer[Any]):
    """An invitation that waits."""

    id = serializers.IntegerField()
    email = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices)
    has_billing = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class InvitationInput(serializers.Serializer[Any]):
    """Whom to invite, and as what (ORG-7)."""

    emails = serializers.ListField(
        child=serializers.EmailField(max_length=254, validators=[refuse_control_characters]),
        min_length=1,
        max_length=MOST_AT_ONCE,
    )
    role = serializers.ChoiceField(choices=Role.choices)
    has_billing = serializers.BooleanField(default=False)


class MemberList(OrganizationAPIView):
    """The members of an organization."""

    permissions = {"GET": Permission.MEMBERS_VIEW}
    scopes = {"GET": Scope.ORGANIZATIONS_READ}

    @extend_schema(responses=MemberOutput(many=True), parameters=[AFTER], operation_id="members_list")
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List the members in the order in which they joined, a page at a time."""
        rows = list_members(organization=request.organization)
        page = paginate(rows, key=BY_JOINING, after=request.query_params.get("after", ""))
        return success(MemberOutput(page.rows, many=True).data, next=page.next or None)


class InvitationList(OrganizationAPIView):
    """The open invitations of an organization."""

    permissions = {"GET": Permission.MEMBERS_MANAGE, "POST": Permission.MEMBERS_MANAGE}
    scopes = {"GET": Scope.ORGANIZATIONS_READ, "POST": Scope.ORGANIZATIONS_WRITE}

    @extend_schema(responses=InvitationOutput(many=True), operation_id="invitations_list")
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List the invitations that wait, newest first."""
        rows = list_invitations(organization=request.organization)[:MOST_OPEN]
        return success(InvitationOutput(rows, many=True).data)

    @extend_schema(
        request=InvitationInput,
        responses={201: InvitationOutput(many=True)},
        operation_id="invitations_create",
    )
    def post(self, request: OrganizationAPIRequest) -> Response:
        """Invite one or several people by mail; all of them or none."""
        given = InvitationInput(data=request.data)
        given.is_valid(raise_exception=True)
        invitations = invite_members(
            organization_id=request.organization.pk,
            inviter=request.membership,
            actor=request.actor,
            at=request.at,
            **given.validated_data,
        )
        return success(InvitationOutput(invitations, many=True).data, code=status.HTTP_201_CREATED)
