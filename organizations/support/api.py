"""Support access over REST (ORG-15): given and taken back here, used by no token."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.tokens.scopes import Scope
from manager.kit.api import success
from manager.kit.fields import refuse_control_characters
from manager.kit.listing import Listing, answer_list
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission
from organizations.support.models import SupportKind
from organizations.support.selectors import list_support_access
from organizations.support.services import give_support_access, revoke_support_access


class SupportAccessOutput(serializers.Serializer[Any]):
    """Support access to one kind of content; it is over at `ends_at`, or at `ended_at` where that is set."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=SupportKind.choices)
    reason = serializers.CharField(allow_blank=True)
    given_by = serializers.CharField(source="given_by.name")
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class SupportAccessInput(serializers.Serializer[Any]):
    """To what support gets access for seven days, and why."""

    kind = serializers.ChoiceField(choices=SupportKind.choices)
    reason = serializers.CharField(
        max_length=300,
        required=False,
        default="",
        allow_blank=True,
        validators=[refuse_control_characters],
    )


class SupportAccessList(OrganizationAPIView):
    """The support access of an organization."""

    permissions = {"GET": Permission.ORGANIZATION_MANAGE, "POST": Permission.ORGANIZATION_MANAGE}
    scopes = {"GET": Scope.ORGANIZATIONS_READ, "POST": Scope.ORGANIZATIONS_WRITE}
    listing = Listing(descending=True)

    @extend_schema(responses=SupportAccessOutput(many=True), operation_id="support_access_list")
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List support access, also what is over, newest first, a page at a time."""
        asked = self.listing.read(request.query_params)
        rows = list_support_access(organization_id=request.organization.pk)
        return answer_list(asked, rows, SupportAccessOutput)

    @extend_schema(
        request=SupportAccessInput, responses={201: SupportAccessOutput}, operation_id="support_access_give"
    )
    def post(self, request: OrganizationAPIRequest) -> Response:
        """Give support access to one kind of content for seven days."""
        given = SupportAccessInput(data=request.data)
        given.is_valid(raise_exception=True)
        grant = give_support_access(
            organization_id=request.organization.pk,
            user_id=request.user.pk,
            actor=request.actor,
            at=request.at,
            **given.validated_data,
        )
        return success(SupportAccessOutput(grant).data, code=status.HTTP_201_CREATED)


class SupportAccessDetail(OrganizationAPIView):
    """Support access that was given."""

    permissions = {"DELETE": Permission.ORGANIZATION_MANAGE}
    scopes = {"DELETE": Scope.ORGANIZATIONS_WRITE}

    @extend_schema(responses={200: None}, operation_id="support_access_revoke")
    def delete(self, request: OrganizationAPIRequest, support_grant_id: int) -> Response:
        """Take it back at once."""
        revoke_support_access(
            organization_id=request.organization.pk,
            grant_id=support_grant_id,
            actor=request.actor,
            at=request.at,
        )
        return success(None)
