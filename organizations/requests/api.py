"""Requests for access over REST."""

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
from organizations.access.models import Level
from organizations.access.roles import Permission
from organizations.grants.rules import Target
from organizations.requests.selectors import list_requests
from organizations.requests.services import (
    approve_request,
    ask_access,
    refuse_request,
    withdraw_request,
)
from organizations.requests.status import RequestStatus


class AccessRequestOutput(serializers.Serializer[Any]):
    """What a member asks for, and the answer."""

    id = serializers.IntegerField()
    member = serializers.IntegerField(source="membership_id", allow_null=True)
    permission = serializers.CharField(allow_blank=True)
    family = serializers.CharField(allow_blank=True)
    product = serializers.IntegerField(source="product_id", allow_null=True)
    level = serializers.CharField(allow_blank=True)
    message = serializers.CharField(allow_blank=True)
    status = serializers.ChoiceField(choices=RequestStatus.choices)
    answer = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


class AccessRequestInput(serializers.Serializer[Any]):
    """What to ask for: a permission, or a product or family with a level (UI-6)."""

    permission = serializers.CharField(
        max_length=40, required=False, default="", validators=[refuse_control_characters]
    )
    family = serializers.SlugField(max_length=50, required=False, default="")
    product = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=MAX_ID
    )
    level = serializers.ChoiceField(choices=Level.choices, required=False, default="")
    message = serializers.CharField(
        max_length=500,
        required=False,
        default="",
        allow_blank=True,
        validators=[refuse_control_characters],
    )


class ApprovalInput(serializers.Serializer[Any]):
    """Another level than asked for, and an end, where a product or family is meant."""

    level = serializers.ChoiceField(choices=Level.choices, required=False, default="")
    ends_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class RefusalInput(serializers.Serializer[Any]):
    """Why not."""

    answer = serializers.CharField(max_length=500, validators=[refuse_control_characters])


class AccessRequestFilters(serializers.Serializer[Any]):
    """What the list can be filtered by."""

    status = serializers.ChoiceField(choices=RequestStatus.choices, required=False, default="")


class AccessRequestList(OrganizationAPIView):
    """The requests for access: all of them for who manages members, else the own."""

    permissions = {"GET": Permission.MEMBERSHIP_OWN, "POST": Permission.MEMBERSHIP_OWN}
    scopes = {"GET": Scope.ORGANIZATIONS_READ, "POST": Scope.ORGANIZATIONS_WRITE}
    listing = Listing(descending=True, filters=AccessRequestFilters)

    @extend_schema(responses=AccessRequestOutput(many=True), operation_id="access_requests_list")
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List requests, newest first, a page at a time."""
        asked = self.listing.read(request.query_params)
        rows = list_requests(organization_id=request.organization.pk, **asked.criteria)
        if Permission.MEMBERS_MANAGE not in request.can:
            rows = rows.filter(membership_id=request.membership.pk)
        return answer_list(asked, rows, AccessRequestOutput)

    @extend_schema(
        request=AccessRequestInput,
        responses={201: AccessRequestOutput},
        operation_id="access_requests_create",
    )
    def post(self, request: OrganizationAPIRequest) -> Response:
        """Ask for access; the same thing is asked once."""
        given = AccessRequestInput(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = given.validated_data
        made = ask_access(
            membership=request.membership,
            permission=wanted["permission"],
            target=Target(wanted["family"], wanted["product"]),
            level=wanted["level"],
            message=wanted["message"],
            actor=request.actor,
            at=request.at,
        )
        return success(AccessRequestOutput(made).data, code=status.HTTP_201_CREATED)


class AccessRequestDetail(OrganizationAPIView):
    """One own request."""

    permissions = {"DELETE": Permission.MEMBERSHIP_OWN}
    scopes = {"DELETE": Scope.ORGANIZATIONS_WRITE}

    @extend_schema(responses={200: None}, operation_id="access_requests_withdraw")
    def delete(self, request: OrganizationAPIRequest, request_id: int) -> Response:
        """Take back an own request."""
        withdraw_request(
            organization_id=request.organization.pk,
            request_id=request_id,
            membership=request.membership,
            actor=request.actor,
            at=request.at,
        )
        return success(None)


class AccessRequestApproval(OrganizationAPIView):
    """Say yes."""

    permissions = {"POST": Permission.MEMBERS_MANAGE}
    scopes = {"POST": Scope.ORGANIZATIONS_WRITE}

    @extend_schema(
        request=ApprovalInput, responses=AccessRequestOutput, operation_id="access_requests_approve"
    )
    def post(self, request: OrganizationAPIRequest, request_id: int) -> Response:
        """Give what is asked for."""
        given = ApprovalInput(data=request.data)
        given.is_valid(raise_exception=True)
        answered = approve_request(
            organization_id=request.organization.pk,
            request_id=request_id,
            approver=request.membership,
            actor=request.actor,
            at=request.at,
            **given.validated_data,
        )
        return success(AccessRequestOutput(answered).data)


class AccessRequestRefusal(OrganizationAPIView):
    """Say no."""

    permissions = {"POST": Permission.MEMBERS_MANAGE}
    scopes = {"POST": Scope.ORGANIZATIONS_WRITE}

    @extend_schema(request=RefusalInput, responses=AccessRequestOutput, operation_id="access_requests_refuse")
    def post(self, request: OrganizationAPIRequest, request_id: int) -> Response:
        """Refuse what is asked for, with the reason."""
        given = RefusalInput(data=request.data)
        given.is_valid(raise_exception=True)
        answered = refuse_request(
            organization_id=request.organization.pk,
            request_id=request_id,
            refuser=request.membership,
            actor=request.actor,
            at=request.at,
            **given.validated_data,
        )
        return success(AccessRequestOutput(answered).data)
