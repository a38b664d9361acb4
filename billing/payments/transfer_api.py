"""REST operations on bank transfers (API-1)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from billing.invoices.models import Invoice
from billing.invoices.selectors import get_invoice
from billing.payments.selectors import get_announced_transfer
from billing.payments.services import TransferNotOffered, announce_transfer
from billing.payments.transfer_details import build_transfer_details
from manager.kit.api import success
from manager.kit.money_field import MoneyField
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission


class BankTransferOutput(serializers.Serializer[Any]):
    """Where to transfer what. `reference` has to be given word for word."""

    invoice_id = serializers.IntegerField()
    is_announced = serializers.BooleanField()
    holder = serializers.CharField()
    iban = serializers.CharField()
    bic = serializers.CharField()
    bank_name = serializers.CharField()
    reference = serializers.CharField()
    amount = MoneyField()
    due_on = serializers.DateField()


class InvoiceTransfer(OrganizationAPIView):
    """The bank transfer that pays an invoice."""

    permissions = {"GET": Permission.BILLING_VIEW, "POST": Permission.BILLING_MANAGE}
    scopes = {"GET": "billing:read", "POST": "billing:write"}

    @extend_schema(responses=BankTransferOutput)
    def get(self, request: OrganizationAPIRequest, invoice_id: int) -> Response:
        """Tell account, reference and sum of a transfer that pays the invoice."""
        invoice = get_invoice(organization=request.organization, invoice_id=invoice_id)
        return success(_output(invoice))

    @extend_schema(request=None, responses={201: BankTransferOutput})
    def post(self, request: OrganizationAPIRequest, invoice_id: int) -> Response:
        """Announce that the invoice will be paid by transfer. Nothing is charged."""
        invoice = get_invoice(organization=request.organization, invoice_id=invoice_id)
        announce_transfer(invoice=invoice, actor=request.actor, at=request.at)
        return success(_output(invoice), code=status.HTTP_201_CREATED)


def _output(invoice: Invoice) -> Any:
    details = build_transfer_details(invoice=invoice)
    if details is None:
        raise TransferNotOffered
    return BankTransferOutput(
        {
            "invoice_id": invoice.pk,
            "is_announced": invoice.is_payable and get_announced_transfer(invoice=invoice) is not None,
            "holder": details.holder,
            "iban": details.iban,
            "bic": details.bic,
            "bank_name": details.bank_name,
            "reference": details.reference,
            "amount": details.amount,
            "due_on": details.due_on,
        }
    ).data
