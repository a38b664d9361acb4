"""REST operations on an organization's own order numbers (BIL-4, API-1)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from billing.profiles.purchase_orders import (
    add_purchase_order,
    get_purchase_order,
    list_purchase_orders,
    remove_purchase_order,
)
from billing.profiles.selectors import get_address
from manager.kit.api import success
from manager.kit.fields import refuse_control_characters
from manager.kit.ids import MAX_ID
from manager.kit.listing import Listing, answer_list
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission


class PurchaseOrderOutput(serializers.Serializer[Any]):
    """An order number; `billing_address_id` is null for one of all addresses."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    billing_address_id = serializers.IntegerField(source="address_id", allow_null=True)
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True)


class PurchaseOrderInput(serializers.Serializer[Any]):
    """A new order number, for invoices drawn up from a day to a day."""

    number = serializers.CharField(max_length=40, validators=[refuse_control_characters])
    billing_address_id = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=MAX_ID
    )
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(required=False, allow_null=True, default=None)


class PurchaseOrderList(OrganizationAPIView):
    """The order numbers of an organization."""

    permissions = {"GET": Permission.BILLING_VIEW, "POST": Permission.BILLING_MANAGE}
    scopes = {"GET": "billing:read", "POST": "billing:write"}
    listing = Listing(orders={})

    @extend_schema(responses=PurchaseOrderOutput(many=True))
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List the order numbers, the newest first."""
        asked = self.listing.read(request.query_params)
        rows = list(list_purchase_orders(organization=request.organization))
        return answer_list(asked, rows, PurchaseOrderOutput)

    @extend_schema(request=PurchaseOrderInput, responses={201: PurchaseOrderOutput})
    def post(self, request: OrganizationAPIRequest) -> Response:
        """Add an order number; invoices bear it by themselves within its days."""
        given = PurchaseOrderInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        wanted = values.pop("billing_address_id")
        address = get_address(organization=request.organization, address_id=wanted) if wanted else None
        row = add_purchase_order(
            organization=request.organization, address=address, actor=request.actor, at=request.at, **values
        )
        return success(PurchaseOrderOutput(row).data, code=status.HTTP_201_CREATED)


class PurchaseOrderDetail(OrganizationAPIView):
    """One order number."""

    permissions = {"GET": Permission.BILLING_VIEW, "DELETE": Permission.BILLING_MANAGE}
    scopes = {"GET": "billing:read", "DELETE": "billing:write"}

    @extend_schema(responses=PurchaseOrderOutput)
    def get(self, request: OrganizationAPIRequest, purchase_order_id: int) -> Response:
        """Return one order number."""
        row = get_purchase_order(organization=request.organization, purchase_order_id=purchase_order_id)
        return success(PurchaseOrderOutput(row).data)

    @extend_schema(responses={200: None})
    def delete(self, request: OrganizationAPIRequest, purchase_order_id: int) -> Response:
        """Remove an order number; invoices that bear it keep it."""
        row = get_purchase_order(organization=request.organization, purchase_order_id=purchase_order_id)
        remove_purchase_order(purchase_order=row, actor=request.actor, at=request.at)
        return success(None)
