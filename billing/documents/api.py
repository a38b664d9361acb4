"""REST operations on files of invoices (API-1)."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema

from billing.documents.services import get_credit_note, get_document, render_pro_forma
from billing.invoices.selectors import get_invoice, get_note
from billing.invoices.status import InvoiceStatus
from manager.kit.errors import NotFound
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission


class InvoicePdf(OrganizationAPIView):
    """The PDF of an invoice."""

    permissions = {"GET": Permission.BILLING_VIEW}
    scopes = {"GET": "billing:read"}

    @extend_schema(responses={(200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY)})
    def get(self, request: OrganizationAPIRequest, invoice_id: int) -> HttpResponse:
        """Return the invoice as PDF, or the pro forma of one that is not issued yet."""
        invoice = get_invoice(organization=request.organization, invoice_id=invoice_id)
        if invoice.status == InvoiceStatus.CANCELLED:
            raise NotFound(_("A cancelled invoice has no document."))
        if invoice.status == InvoiceStatus.DRAFT:
            return HttpResponse(
                render_pro_forma(invoice=invoice, at=request.at), content_type="application/pdf"
            )
        document = get_document(invoice=invoice, at=request.at)
        return HttpResponse(bytes(document.content), content_type="application/pdf")


class CreditNotePdf(OrganizationAPIView):
    """The PDF of a credit note."""

    permissions = {"GET": Permission.BILLING_VIEW}
    scopes = {"GET": "billing:read"}

    @extend_schema(responses={(200, "application/pdf"): OpenApiResponse(OpenApiTypes.BINARY)})
    def get(self, request: OrganizationAPIRequest, credit_note_id: int) -> HttpResponse:
        """Return a credit note as PDF."""
        note = get_note(organization=request.organization, credit_note_id=credit_note_id)
        document = get_credit_note(note=note, at=request.at)
        return HttpResponse(bytes(document.content), content_type="application/pdf")
