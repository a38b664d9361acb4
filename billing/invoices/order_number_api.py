"""The REST operation on the order number of a draft (BIL-4, API-1)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from billing.invoices.api import InvoiceOutput
from billing.invoices.selectors import get_invoice
from billing.invoices.services.purchase_order import set_purchase_order
from manager.kit.api import success
from manager.kit.fields import refuse_control_characters
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission


class OrderNumberInput(serializers.Serializer[Any]):
    """The organization's own number of the order; empty for none."""

    purchase_order = serializers.CharField(
        max_length=40, allow_blank=True, validators=[refuse_control_characters]
    )


class InvoiceOrderNumber(OrganizationAPIView):
    """The order number of a draft."""

    permissions = {"PUT": Permission.BILLING_MANAGE}
    scopes = {"PUT": "billing:write"}

    @extend_schema(request=OrderNumberInput, responses=InvoiceOutput)
    def put(self, request: OrganizationAPIRequest, invoice_id: int) -> Response:
        """Have a draft bear an order number; 409 once the invoice is issued."""
        given = OrderNumberInput(data=request.data)
        given.is_valid(raise_exception=True)
        invoice = set_purchase_order(
            invoice=get_invoice(organization=request.organization, invoice_id=invoice_id),
            number=given.validated_data["purchase_order"],
            actor=request.actor,
            at=request.at,
        )
        return success(InvoiceOutput(invoice).data)
