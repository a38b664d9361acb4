"""REST operations on transfers of products."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from manager.kit.api import success
from manager.kit.fields import refuse_control_characters
from manager.kit.ids import MAX_ID
from manager.kit.listing import Listing, answer_list
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission
from products.inventory.api import ProductOutput
from products.inventory.selectors import get_product
from products.transfer.links import transfer_url
from products.transfer.models import Transfer
from products.transfer.selectors import find_transfers, get_transfer
from products.transfer.services import accept_transfer, offer_transfer, withdraw_transfer
from products.transfer.status import TransferStatus


class TransferOutput(serializers.Serializer[Any]):
    """An offer that the organization made."""

    id = serializers.IntegerField()
    product_id = serializers.IntegerField()
    product_name = serializers.CharField()
    status = serializers.ChoiceField(choices=TransferStatus.choices)
    recipient_name = serializers.CharField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)


class TransferOfferOutput(TransferOutput):
    """A new offer with its link, which is a secret: who has it may take the product."""

    link = serializers.SerializerMethodField()

    def get_link(self, transfer: Transfer) -> str:
        """Return the whole address."""
        return transfer_url(transfer)


class TransferFilters(serializers.Serializer[Any]):
    """What the list can be filtered by."""

    status = serializers.ChoiceField(choices=TransferStatus.choices, required=False, default="")


class OfferInput(serializers.Serializer[Any]):
    """Which product is offered, to whoever has the link."""

    product_id = serializers.IntegerField(min_value=1, max_value=MAX_ID)


class AcceptInput(serializers.Serializer[Any]):
    """The key of an offer: the last part of its link."""

    key = serializers.CharField(max_length=200, validators=[refuse_control_characters])


class TransferList(OrganizationAPIView):
    """The offers of an organization."""

    permissions = {"GET": Permission.ORGANIZATION_MANAGE, "POST": Permission.ORGANIZATION_MANAGE}
    scopes = {"GET": "products:read", "POST": "products:write"}
    listing = Listing(descending=True, filters=TransferFilters, searched=True)

    @extend_schema(responses=TransferOutput(many=True), operation_id="transfers_list")
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List the offers that the organization made, newest first."""
        asked = self.listing.read(request.query_params)
        rows = find_transfers(organization=request.organization, **asked.criteria)
        return answer_list(asked, rows.select_related("offered_by"), TransferOutput)

    @extend_schema(request=OfferInput, responses={201: TransferOfferOutput}, operation_id="transfers_offer")
    def post(self, request: OrganizationAPIRequest) -> Response:
        """Offer a product for seven days to whoever has the link of the answer."""
        given = OfferInput(data=request.data)
        given.is_valid(raise_exception=True)
        product = get_product(
            organization=request.organization, scope=request.product_scope, **given.validated_data
        )
        transfer = offer_transfer(
            product=product, recipient=None, user_id=request.user.pk, actor=request.actor, at=request.at
        )
        return success(TransferOfferOutput(transfer).data, code=status.HTTP_201_CREATED)


class TransferDetail(OrganizationAPIView):
    """One offer."""

    permissions = {"GET": Permission.ORGANIZATION_MANAGE, "DELETE": Permission.ORGANIZATION_MANAGE}
    scopes = {"GET": "products:read", "DELETE": "products:write"}

    @extend_schema(
        parameters=[OpenApiParameter("transfer_id", int, OpenApiParameter.PATH)],
        responses=TransferOutput,
        operation_id="transfers_get",
    )
    def get(self, request: OrganizationAPIRequest, transfer_id: int) -> Response:
        """Return one offer."""
        transfer = get_transfer(organization=request.organization, transfer_id=transfer_id)
        return success(TransferOutput(transfer).data)

    @extend_schema(responses=TransferOutput, operation_id="transfers_withdraw")
    def delete(self, request: OrganizationAPIRequest, transfer_id: int) -> Response:
        """Withdraw an open offer."""
        transfer = get_transfer(organization=request.organization, transfer_id=transfer_id)
        transfer = withdraw_transfer(transfer=transfer, actor=request.actor, at=request.at)
        return success(TransferOutput(transfer).data)


class TransferAcceptance(OrganizationAPIView):
    """Taking a product over."""

    permissions = {"POST": Permission.ORGANIZATION_MANAGE}
    scopes = {"POST": "products:write"}

    @extend_schema(request=AcceptInput, responses=ProductOutput, operation_id="transfers_accept")
    def post(self, request: OrganizationAPIRequest) -> Response:
        """Take the product of an offer over into this organization."""
        given = AcceptInput(data=request.data)
        given.is_valid(raise_exception=True)
        product = accept_transfer(
            key=given.validated_data["key"],
            recipient=request.organization,
            actor=request.actor,
            at=request.at,
        )
        return success(ProductOutput(product).data)
