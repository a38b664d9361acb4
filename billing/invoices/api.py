"""REST operations on invoices (API-1)."""

from datetime import timedelta
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from billing.invoices.late import late_money_of
from billing.invoices.listed import describe_invoice, take_invoices
from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.selectors import (
    STATUS_GROUPS,
    find_invoices,
    get_invoice,
    lines_of_page,
    list_lines,
    list_transfers,
)
from billing.invoices.services import cancel_invoice, void_invoice
from billing.invoices.status import InvoiceStatus
from manager.kit.api import success
from manager.kit.fields import refuse_control_characters
from manager.kit.ids import MAX_ID
from manager.kit.listing import DayField, Listing, answer_list
from manager.kit.money_field import MoneyField
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission

STATUSES = [*STATUS_GROUPS, *(value for value in InvoiceStatus.values if value not in STATUS_GROUPS)]


class InvoiceOutput(serializers.Serializer[Any]):
    """An invoice."""

    id = serializers.IntegerField()
    number = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(choices=InvoiceStatus.choices)
    net_amount = MoneyField()
    tax_amount = MoneyField()
    total_amount = MoneyField()
    created_at = serializers.DateTimeField()
    issued_on = serializers.DateField(allow_null=True)
    due_on = serializers.DateField()
    paid_at = serializers.DateTimeField(allow_null=True)
    paid_with = serializers.CharField(source="means")
    purchase_order = serializers.CharField()


class LineOutput(serializers.Serializer[Any]):
    """A line. `tax_rate` in basis points (810 = 8.1 %); `last_day` is paid, too.

    `tax_code` is the rule of its VAT: of what is set off, that under which it was sold.
    `net_amount` is `unit_amount` × `quantity` less `discount_amount`.
    """

    position = serializers.IntegerField()
    description = serializers.CharField()
    product_id = serializers.IntegerField(allow_null=True)
    quantity = serializers.IntegerField()
    months = serializers.IntegerField(allow_null=True)
    unit_amount = MoneyField(source="unit")
    discount_amount = MoneyField(source="discount")
    net_amount = MoneyField(source="net")
    tax_rate = serializers.IntegerField()
    tax_code = serializers.CharField(source="tax_rule")
    tax_amount = MoneyField(source="tax")
    first_day = serializers.SerializerMethodField()
    last_day = serializers.SerializerMethodField()

    def get_first_day(self, line: InvoiceLine) -> str | None:
        """Return the first day that the line pays."""
        return line.period.lower.isoformat() if line.period else None

    def get_last_day(self, line: InvoiceLine) -> str | None:
        """Return the last day that the line pays."""
        return (line.period.upper - timedelta(days=1)).isoformat() if line.period else None


class PartyOutput(serializers.Serializer[dict[str, Any]]):
    """A party as it is written on the invoice."""

    name = serializers.CharField()
    street = serializers.CharField()
    postal_code = serializers.CharField()
    city = serializers.CharField()
    country = serializers.CharField()
    vat_number = serializers.CharField()


class ReceivedTransferOutput(serializers.Serializer[Any]):
    """A bank transfer for the invoice: `amount` came, of which `to_balance` went to the prepaid account."""

    received_on = serializers.DateField()
    payer = serializers.CharField()
    amount = MoneyField()
    to_invoice = MoneyField()
    to_balance = MoneyField()


class InvoiceDetailOutput(InvoiceOutput):
    """An invoice with its parties, its lines, what came for it by transfer, and its credit notes."""

    buyer = PartyOutput()
    seller = PartyOutput()
    tax_code = serializers.CharField()
    lines = serializers.SerializerMethodField()
    transfers = serializers.SerializerMethodField()
    late_to_balance = serializers.SerializerMethodField()
    credit_note_ids = serializers.SerializerMethodField()

    @extend_schema_field(LineOutput(many=True))
    def get_lines(self, invoice: Invoice) -> list[dict[str, Any]]:
        """Return the lines in their order."""
        return list(LineOutput(list_lines(invoice=invoice), many=True).data)

    @extend_schema_field(ReceivedTransferOutput(many=True))
    def get_transfers(self, invoice: Invoice) -> list[dict[str, Any]]:
        """Return the transfers that paid for it, oldest first."""
        return list(ReceivedTransferOutput(list_transfers(invoice=invoice), many=True).data)

    @extend_schema_field(MoneyField())
    def get_late_to_balance(self, invoice: Invoice) -> dict[str, Any]:
        """Return what came when the invoice needed it no more, and is on the prepaid account instead."""
        return late_money_of(invoice=invoice).as_dict()

    def get_credit_note_ids(self, invoice: Invoice) -> list[int]:
        """Return the ids of its credit notes, oldest first."""
        notes = invoice.credit_notes.filter(organization_id=invoice.organization_id)
        return list(notes.order_by("id").values_list("id", flat=True))


class InvoiceListOutput(InvoiceOutput):
    """An invoice in a list; its lines are told where they are asked for."""

    lines = LineOutput(many=True, source="shown_lines", required=False)


class DocumentFilters(serializers.Serializer[Any]):
    """Filters of documents; `since` and `until` are days, `least` and `most` totals in minor units."""

    year = serializers.IntegerField(
        min_value=2000, max_value=2999, required=False, default=None, allow_null=True
    )
    since = DayField(required=False, default=None)
    until = DayField(required=False, default=None)
    least = serializers.IntegerField(required=False, default=None, allow_null=True, max_value=MAX_ID)
    most = serializers.IntegerField(required=False, default=None, allow_null=True, max_value=MAX_ID)


class InvoiceFilters(DocumentFilters):
    """The filters of the invoices."""

    status = serializers.ChoiceField(choices=STATUSES, required=False, default="")


class VoidInput(serializers.Serializer[Any]):
    """Why an invoice is voided."""

    reason = serializers.CharField(max_length=250, validators=[refuse_control_characters])


class InvoiceList(OrganizationAPIView):
    """The invoices of an organization."""

    permissions = {"GET": Permission.BILLING_VIEW}
    scopes = {"GET": "billing:read"}
    listing = Listing(descending=True, filters=InvoiceFilters, searched=True, expands=("lines",))

    @extend_schema(responses=InvoiceListOutput(many=True))
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List invoices, newest first."""
        asked = self.listing.read(request.query_params)
        found = find_invoices(organization=request.organization, **asked.criteria)
        if "lines" in asked.expanded:
            lines = lines_of_page(organization=request.organization)
            return answer_list(asked, found.prefetch_related(lines), InvoiceListOutput)
        return answer_list(
            asked,
            found,
            lambda rows: [describe_invoice(invoice) for invoice in rows],
            take=take_invoices(organization=request.organization, **asked.criteria),
        )


class InvoiceDetail(OrganizationAPIView):
    """One invoice."""

    permissions = {"GET": Permission.BILLING_VIEW}
    scopes = {"GET": "billing:read"}

    @extend_schema(responses=InvoiceDetailOutput)
    def get(self, request: OrganizationAPIRequest, invoice_id: int) -> Response:
        """Return an invoice with its parties, lines, transfers and credit notes."""
        return success(
            InvoiceDetailOutput(get_invoice(organization=request.organization, invoice_id=invoice_id)).data
        )


class InvoiceCancel(OrganizationAPIView):
    """Cancel an invoice."""

    permissions = {"POST": Permission.BILLING_MANAGE}
    scopes = {"POST": "billing:write"}

    @extend_schema(request=None, responses=InvoiceOutput)
    def post(self, request: OrganizationAPIRequest, invoice_id: int) -> Response:
        """Cancel an invoice that is not issued yet."""
        invoice = get_invoice(organization=request.organization, invoice_id=invoice_id)
        cancelled = cancel_invoice(invoice=invoice, actor=request.actor, at=request.at)
        return success(InvoiceOutput(cancelled).data)


class InvoiceVoid(OrganizationAPIView):
    """Void an invoice."""

    permissions = {"POST": Permission.BILLING_MANAGE}
    scopes = {"POST": "billing:write"}

    @extend_schema(request=VoidInput, responses=InvoiceOutput)
    def post(self, request: OrganizationAPIRequest, invoice_id: int) -> Response:
        """Void an issued invoice that is not paid; a credit note takes it back."""
        entered = VoidInput(data=request.data)
        entered.is_valid(raise_exception=True)
        invoice = get_invoice(organization=request.organization, invoice_id=invoice_id)
        voided = void_invoice(
            invoice=invoice, reason=entered.validated_data["reason"], actor=request.actor, at=request.at
        )
        return success(InvoiceOutput(voided).data)
