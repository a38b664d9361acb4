"""REST operations on receivers of billing messages (ORG-11, API-1)."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from billing.receivers import services
from billing.receivers.selectors import find_receivers, get_receiver
from billing.receivers.status import Message, ReceiverStatus
from manager.kit.api import success
from manager.kit.fields import refuse_control_characters
from manager.kit.listing import Listing, answer_list
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission

LANGUAGES = [code for code, _language in settings.LANGUAGES]


class BillingReceiverOutput(serializers.Serializer[Any]):
    """An address outside of the members that gets billing messages once its reader has agreed."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.EmailField()
    language = serializers.ChoiceField(choices=LANGUAGES)
    messages = serializers.ListField(child=serializers.ChoiceField(choices=Message.choices))
    status = serializers.ChoiceField(choices=ReceiverStatus.choices)
    asked_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)


class BillingReceiverChange(serializers.Serializer[Any]):
    """What can be changed of a receiver; all of it."""

    name = serializers.CharField(max_length=120, validators=[refuse_control_characters])
    language = serializers.ChoiceField(choices=LANGUAGES)
    messages = serializers.ListField(
        child=serializers.ChoiceField(choices=Message.choices), allow_empty=False, max_length=len(Message)
    )


class BillingReceiverInput(BillingReceiverChange):
    """A new receiver."""

    email = serializers.EmailField(max_length=254, validators=[refuse_control_characters])


class BillingReceiverFilters(serializers.Serializer[Any]):
    """What the list can be filtered by."""

    status = serializers.ChoiceField(choices=ReceiverStatus.choices, default="", required=False)


class BillingReceiverList(OrganizationAPIView):
    """The receivers of an organization's billing messages outside of its members."""

    permissions = {"GET": Permission.BILLING_VIEW, "POST": Permission.BILLING_MANAGE}
    scopes = {"GET": "billing:read", "POST": "billing:write"}
    listing = Listing(orders={}, filters=BillingReceiverFilters, searched=True)

    @extend_schema(responses=BillingReceiverOutput(many=True))
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List the receivers by name, at most 20."""
        asked = self.listing.read(request.query_params)
        rows = list(find_receivers(organization=request.organization, **asked.criteria))
        return answer_list(asked, rows, BillingReceiverOutput)

    @extend_schema(request=BillingReceiverInput, responses={201: BillingReceiverOutput})
    def post(self, request: OrganizationAPIRequest) -> Response:
        """Add a receiver; nothing is sent before its reader has agreed by a mailed link."""
        given = BillingReceiverInput(data=request.data)
        given.is_valid(raise_exception=True)
        row = services.add_receiver(
            organization=request.organization, **given.validated_data, actor=request.actor, at=request.at
        )
        return success(BillingReceiverOutput(row).data, code=status.HTTP_201_CREATED)


class BillingReceiverDetail(OrganizationAPIView):
    """One receiver."""

    permissions = {
        "GET": Permission.BILLING_VIEW,
        "PUT": Permission.BILLING_MANAGE,
        "DELETE": Permission.BILLING_MANAGE,
    }
    scopes = {"GET": "billing:read", "PUT": "billing:write", "DELETE": "billing:write"}

    @extend_schema(responses=BillingReceiverOutput)
    def get(self, request: OrganizationAPIRequest, receiver_id: int) -> Response:
        """Return one receiver."""
        row = get_receiver(organization=request.organization, receiver_id=receiver_id)
        return success(BillingReceiverOutput(row).data)

    @extend_schema(request=BillingReceiverChange, responses=BillingReceiverOutput)
    def put(self, request: OrganizationAPIRequest, receiver_id: int) -> Response:
        """Change name, language and messages; the address stays."""
        row = get_receiver(organization=request.organization, receiver_id=receiver_id)
        given = BillingReceiverChange(data=request.data)
        given.is_valid(raise_exception=True)
        row = services.change_receiver(
            receiver=row, **given.validated_data, actor=request.actor, at=request.at
        )
        return success(BillingReceiverOutput(row).data)

    @extend_schema(responses={200: None})
    def delete(self, request: OrganizationAPIRequest, receiver_id: int) -> Response:
        """Remove a receiver; its links stop working."""
        services.remove_receivers(
            organization=request.organization,
            receiver_ids=[receiver_id],
            actor=request.actor,
            at=request.at,
        )
        return success(None)


class BillingReceiverAsk(OrganizationAPIView):
    """The mail that asks a receiver."""

    permissions = {"POST": Permission.BILLING_MANAGE}
    scopes = {"POST": "billing:write"}

    @extend_schema(request=None, responses=BillingReceiverOutput)
    def post(self, request: OrganizationAPIRequest, receiver_id: int) -> Response:
        """Mail a new link to a receiver that has not answered."""
        row = get_receiver(organization=request.organization, receiver_id=receiver_id)
        row = services.ask_receiver(receiver=row, actor=request.actor, at=request.at)
        return success(BillingReceiverOutput(row).data)
