"""REST operations on files of invoices (API-1)."""

from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers

from billing.documents.forms import PeriodForm
from billing.documents.periods import Period, name_archive, stream_archive
from billing.documents.services import get_document, render_pro_forma
from billing.invoices.selectors import get_invoice
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


class PeriodInput(serializers.Serializer[Any]):
    """The first and the last day, both included; at most three years."""

    first = serializers.DateField()
    last = serializers.DateField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Hold the days against the page's own rules."""
        form = PeriodForm({name: day.isoformat() for name, day in attrs.items()})
        if not form.is_valid():
            raise serializers.ValidationError(
                {name: [str(text) for text in told] for name, told in form.errors.items()}
            )
        return attrs


class InvoiceArchive(OrganizationAPIView):
    """All documents of a period."""

    permissions = {"GET": Permission.BILLING_VIEW}
    scopes = {"GET": "billing:read"}

    @extend_schema(
        parameters=[PeriodInput],
        responses={(200, "application/zip"): OpenApiResponse(OpenApiTypes.BINARY)},
    )
    def get(self, request: OrganizationAPIRequest) -> StreamingHttpResponse:
        """Return the invoices and credit notes issued in a period as a ZIP of PDFs, with two tables.

        `documents_being_made` (409) says that some are still rendered; ask again.
        """
        query = PeriodInput(data=request.query_params)
        query.is_valid(raise_exception=True)
        period = Period(request.organization, **query.validated_data)
        pieces = stream_archive(period, language=get_language() or "en")
        disposition = f'attachment; filename="{name_archive(period)}"'
        return StreamingHttpResponse(
            pieces, content_type="application/zip", headers={"Content-Disposition": disposition}
        )
