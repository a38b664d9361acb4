"""REST operations on refunds (API-1, BIL-14)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from billing.invoices.selectors import get_invoice
from billing.refunds.selectors import list_refunds
from billing.refunds.status import RefundStatus
from manager.kit.listing import Listing, answer_list
from manager.kit.money_field import MoneyField
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission


class RefundOutput(serializers.Serializer[Any]):
    """A refund; `credit_note` is empty while it is on its way."""

    id = serializers.IntegerField()
    status = serializers.ChoiceField(choices=RefundStatus.choices)
    reason = serializers.CharField()
    amount = MoneyField()
    amount_to_means = MoneyField(source="given_to_means")
    credit_note = serializers.CharField(source="credit_note.number", default="")
    credit_note_id = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class InvoiceRefunds(OrganizationAPIView):
    """The refunds of an invoice."""

    permissions = {"GET": Permission.BILLING_VIEW}
    scopes = {"GET": "billing:read"}
    listing = Listing(orders={})

    @extend_schema(responses=RefundOutput(many=True))
    def get(self, request: OrganizationAPIRequest, invoice_id: int) -> Response:
        """List the refunds of an invoice, oldest first."""
        invoice = get_invoice(organization=request.organization, invoice_id=invoice_id)
        asked = self.listing.read(request.query_params)
        return answer_list(asked, list_refunds(invoice=invoice), RefundOutput)
