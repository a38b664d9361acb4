"""REST operations on receipts and the reminder (API-1)."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema

from billing.documents.receipt import render_invoice_receipt, render_top_up_receipt
from billing.documents.reminder import render_reminder
from billing.invoices.selectors import get_invoice
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission

PDF = "application/pdf"
AS_PDF = extend_schema(responses={(200, PDF): OpenApiResponse(OpenApiTypes.BINARY)})


class Paper(OrganizationAPIView):
    """What all papers ask for."""

    permissions = {"GET": Permission.BILLING_VIEW}
    scopes = {"GET": "billing:read"}


class InvoiceReceipt(Paper):
    """The receipt of an invoice."""

    @AS_PDF
    def get(self, request: OrganizationAPIRequest, invoice_id: int) -> HttpResponse:
        """Return the receipt of a paid invoice as PDF; `invoice_not_paid` (409) for another one."""
        invoice = get_invoice(organization=request.organization, invoice_id=invoice_id)
        return HttpResponse(render_invoice_receipt(invoice=invoice, at=request.at), content_type=PDF)


class TopUpReceipt(Paper):
    """The receipt of a top-up."""

    @AS_PDF
    def get(self, request: OrganizationAPIRequest, movement_id: int) -> HttpResponse:
        """Return the receipt of a top-up as PDF, by the id of its movement on the prepaid account."""
        content = render_top_up_receipt(
            organization=request.organization, movement_id=movement_id, at=request.at
        )
        return HttpResponse(content, content_type=PDF)


class Reminder(Paper):
    """The reminder of what is due."""

    @AS_PDF
    def get(self, request: OrganizationAPIRequest) -> HttpResponse:
        """Return what is due as PDF; `nothing_due` (409) where nothing is."""
        return HttpResponse(
            render_reminder(organization=request.organization, at=request.at), content_type=PDF
        )
