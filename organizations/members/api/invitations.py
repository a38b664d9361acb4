"""Invitations over REST."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.tokens.scopes import Scope
from manager.kit.api import success
from manager.kit.errors import NotFound
from manager.kit.fields import refuse_control_characters
from manager.kit.ids import MAX_ID
from manager.kit.listing import Listing, answer_list
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.models import Level
from organizations.access.roles import Permission, Role
from organizations.members.selectors import list_invitations
from organizations.members.services import invite_members, resend_invitation, withdraw_invitation
from organizations.members.services.gifts import Gifts
from organizations.members.services.invite import MOST_AT_ONCE
from organizations.members.topics import Topic

MOST_GRANTS = 100


class GiftInput(serializers.Serializer[Any]):
    """One product, or one family with its future products."""

    family = serializers.SlugField(required=False, default="")
    product = serializers.IntegerField(required=False, default=None, min_value=1, max_value=MAX_ID)
    level = serializers.ChoiceField(choices=Level.choices, default=Level.MANAGE)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for one of the two."""
        if bool(attrs["family"]) == bool(attrs["product"]):
            raise serializers.ValidationError({"product": ["Name a product or a family."]})
        return attrs


class InvitationOutput(serializers.Serializer[Any]):
    """An invitation that waits."""

    id = serializers.IntegerField()
    email = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices)
    has_billing = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class InvitationInput(serializers.Serializer[Any]):
    """Whom to invite, as what, and what comes with it (ORG-7)."""

    emails = serializers.ListField(
        child=serializers.EmailField(max_length=254, validators=[refuse_control_characters]),
        min_length=1,
        max_length=MOST_AT_ONCE,
    )
    role = serializers.ChoiceField(choices=Role.choices)
    has_billing = serializers.BooleanField(default=False)
    grants = GiftInput(many=True, required=False)
    teams = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MAX_ID), required=False, max_length=MOST_GRANTS
    )
    topics = serializers.ListField(
        child=serializers.ChoiceField(choices=Topic.choices), required=False, max_length=len(Topic)
    )

    def as_gifts(self) -> Gifts:
        """Return what comes with the membership, as the verb takes it."""
        data = self.validated_data
        grants = tuple(
            {"family": grant["family"], "product_id": grant["product"], "level": grant["level"]}
            for grant in data.get("grants", [])[:MOST_GRANTS]
        )
        topics = frozenset(data["topics"]) if "topics" in data else None
        return Gifts(grants=grants, team_ids=frozenset(data.get("teams", [])), topics=topics)


class InvitationList(OrganizationAPIView):
    """The open invitations of an organization."""

    permissions = {"GET": Permission.MEMBERS_MANAGE, "POST": Permission.MEMBERS_MANAGE}
    scopes = {"GET": Scope.ORGANIZATIONS_READ, "POST": Scope.ORGANIZATIONS_WRITE}
    listing = Listing(descending=True, searched=True)

    @extend_schema(responses=InvitationOutput(many=True), operation_id="invitations_list")
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List the invitations that wait, newest first."""
        asked = self.listing.read(request.query_params)
        rows = list_invitations(organization=request.organization, **asked.criteria)
        return answer_list(asked, rows, InvitationOutput)

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
            emails=given.validated_data["emails"],
            role=given.validated_data["role"],
            has_billing=given.validated_data["has_billing"],
            inviter=request.membership,
            actor=request.actor,
            at=request.at,
            gifts=given.as_gifts(),
        )
        return success(InvitationOutput(invitations, many=True).data, code=status.HTTP_201_CREATED)


class InvitationDetail(OrganizationAPIView):
    """One open invitation."""

    permissions = {"GET": Permission.MEMBERS_MANAGE, "DELETE": Permission.MEMBERS_MANAGE}
    scopes = {"GET": Scope.ORGANIZATIONS_READ, "DELETE": Scope.ORGANIZATIONS_WRITE}

    @extend_schema(responses=InvitationOutput, operation_id="invitations_get")
    def get(self, request: OrganizationAPIRequest, invitation_id: int) -> Response:
        """Return one invitation that waits."""
        rows = list_invitations(organization=request.organization)
        invitation = rows.filter(pk=_checked(invitation_id)).first()
        if invitation is None:
            raise NotFound
        return success(InvitationOutput(invitation).data)

    @extend_schema(responses=InvitationOutput, operation_id="invitations_withdraw")
    def delete(self, request: OrganizationAPIRequest, invitation_id: int) -> Response:
        """Withdraw the invitation; its link stops working."""
        invitation = withdraw_invitation(
            organization_id=request.organization.pk,
            invitation_id=_checked(invitation_id),
            actor=request.actor,
            at=request.at,
        )
        return success(InvitationOutput(invitation).data)


class InvitationResend(OrganizationAPIView):
    """An open invitation, sent again."""

    permissions = {"POST": Permission.MEMBERS_MANAGE}
    scopes = {"POST": Scope.ORGANIZATIONS_WRITE}

    @extend_schema(request=None, responses=InvitationOutput, operation_id="invitations_resend")
    def post(self, request: OrganizationAPIRequest, invitation_id: int) -> Response:
        """Mail the invitation again: seven new days and a new link."""
        invitation = resend_invitation(
            organization_id=request.organization.pk,
            invitation_id=_checked(invitation_id),
            inviter=request.membership,
            actor=request.actor,
            at=request.at,
        )
        return success(InvitationOutput(invitation).data)


def _checked(invitation_id: int) -> int:
    """Return an id that the database can hold.

    :raises NotFound: it cannot.
    """
    if invitation_id > MAX_ID:
        raise NotFound
    return invitation_id
