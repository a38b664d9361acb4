"""REST operations on credit notes (API-1, BIL-5, BIL-14)."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from billing.invoices.api import DocumentFilters
from billing.invoices.models import CreditNote
from billing.invoices.selectors import get_note, list_notes
from manager.kit.api import success
from manager.kit.listing import Listing, answer_list
from manager.kit.money_field import MoneyField
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission


class CreditNoteOutput(serializers.Serializer[Any]):
    """A credit note."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    invoice_id = serializers.IntegerField()
    invoice_number = serializers.CharField(source="invoice.number")
    reason = serializers.CharField()
    net_amount = MoneyField()
    tax_amount = MoneyField()
    total_amount = MoneyField()
    issued_on = serializers.DateField()


class CreditedLineOutput(serializers.Serializer[Any]):
    """What is given back of a line of the invoice. `tax_rate` in basis points (810 = 8.1 %).

    `tax_code` is the rule of the VAT under which it was sold.
    """

    description = serializers.CharField()
    tax_rate = serializers.IntegerField(source="rate")
    net_amount = MoneyField(source="net")
    tax_code = serializers.SerializerMethodField()
    tax_amount = MoneyField(source="tax")

    def get_tax_code(self, row: dict[str, Any]) -> str:
        """Return the rule of the line, which is the invoice's where it has none of its own."""
        return str(row.get("code") or self.context["tax_code"])


class CreditNoteDetailOutput(CreditNoteOutput):
    """A credit note with what it takes back; `lines` is empty where it voids the whole invoice."""

    lines = serializers.SerializerMethodField()

    @extend_schema_field(CreditedLineOutput(many=True))
    def get_lines(self, note: CreditNote) -> list[dict[str, Any]]:
        """Return the lines in their order."""
        told = {"currency": note.currency, "tax_code": note.invoice.tax_code}
        return list(CreditedLineOutput(note.lines, many=True, context=told).data)


class CreditNoteList(OrganizationAPIView):
    """The credit notes of an organization."""

    permissions = {"GET": Permission.BILLING_VIEW}
    scopes = {"GET": "billing:read"}
    listing = Listing(descending=True, filters=DocumentFilters, searched=True)

    @extend_schema(responses=CreditNoteOutput(many=True))
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List credit notes, newest first."""
        asked = self.listing.read(request.query_params)
        rows = list_notes(organization=request.organization, **asked.criteria)
        return answer_list(asked, rows, CreditNoteOutput)


class CreditNoteDetail(OrganizationAPIView):
    """One credit note."""

    permissions = {"GET": Permission.BILLING_VIEW}
    scopes = {"GET": "billing:read"}

    @extend_schema(responses=CreditNoteDetailOutput)
    def get(self, request: OrganizationAPIRequest, credit_note_id: int) -> Response:
        """Return a credit note with its lines."""
        note = get_note(organization=request.organization, credit_note_id=credit_note_id)
        return success(CreditNoteDetailOutput(note).data)
