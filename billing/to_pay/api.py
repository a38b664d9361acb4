"""REST operations on what is to be paid (BIL-2, API-1)."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.response import Response

from billing.invoices.api import InvoiceOutput
from billing.invoices.selectors import get_invoice
from billing.to_pay.errors import NothingSelected
from billing.to_pay.forms import Selection
from billing.to_pay.listing import MOST
from billing.to_pay.rows import DueProduct, Sums
from billing.to_pay.selectors import ToPay, build_to_pay
from billing.to_pay.services import DueChoice, compose_selection, release_selection
from manager.kit.api import success
from manager.kit.clock import day_in
from manager.kit.errors import NotFound
from manager.kit.fields import PERIOD_CHOICES
from manager.kit.money_field import MoneyField
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission

BIGGEST = 2**63 - 1


class PeriodOutput(serializers.Serializer[Any]):
    """A period that a product can be renewed by; `net_amount` for all its units, without VAT."""

    months = serializers.IntegerField()
    net_amount = MoneyField(source="net")


class DueProductOutput(serializers.Serializer[DueProduct]):
    """A product that comes to its end."""

    product_id = serializers.IntegerField(source="product.pk")
    name = serializers.CharField(source="product.name")
    expires_on = serializers.DateField(source="product.expires_on")
    months = serializers.IntegerField(source="product.months")
    periods = PeriodOutput(source="options", many=True)


class ToPayOutput(serializers.Serializer[ToPay]):
    """What is due: products that can be renewed, and invoices that wait for their payment."""

    products = DueProductOutput(many=True)
    invoices = serializers.SerializerMethodField()

    @extend_schema_field(InvoiceOutput(many=True))
    def get_invoices(self, page: ToPay) -> list[dict[str, Any]]:
        """Return the invoices, first the one due first."""
        return list(InvoiceOutput([row.invoice for row in page.invoices], many=True).data)


class QueryInput(serializers.Serializer[Any]):
    """The filters: `show` is soon (two months), all, or day with `until`.

    `kind` is invoices, renewals, or a family.
    """

    show = serializers.ChoiceField(choices=["soon", "all", "day"], required=False)
    until = serializers.DateField(required=False)
    q = serializers.CharField(max_length=100, required=False, allow_blank=True)
    kind = serializers.CharField(max_length=50, required=False, allow_blank=True)
    after = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    before = serializers.CharField(max_length=1000, required=False, allow_blank=True)


class RenewalInput(serializers.Serializer[Any]):
    """A product to renew, and by how many months."""

    product = serializers.IntegerField(min_value=1, max_value=BIGGEST)
    months = serializers.ChoiceField(choices=PERIOD_CHOICES)


class SelectionInput(serializers.Serializer[Any]):
    """What shall be on the one invoice.

    `address` is the billing address that it is made out to; without one, that which is fixed for what is on
    it. An invoice that is issued already keeps its own.
    """

    products = RenewalInput(many=True, required=False, default=list)
    invoices = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=BIGGEST),
        required=False,
        default=list,
        max_length=MOST,
    )
    address = serializers.IntegerField(
        min_value=1, max_value=BIGGEST, required=False, default=None, allow_null=True
    )


class SumsOutput(serializers.Serializer[Sums]):
    """What a selection comes to."""

    net_amount = MoneyField(source="net")
    tax_amount = MoneyField(source="tax")
    total_amount = MoneyField(source="total")


class ToPayList(OrganizationAPIView):
    """What an organization has to pay."""

    permissions = {"GET": Permission.BILLING_VIEW, "POST": Permission.BILLING_MANAGE}
    scopes = {"GET": "billing:read", "POST": "billing:write"}

    @extend_schema(parameters=[QueryInput], responses=ToPayOutput)
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List what is due; `next` and `previous` are cursors of the products."""
        QueryInput(data=request.query_params).is_valid(raise_exception=True)
        selection = Selection.read(request.query_params)
        today = day_in(request.organization.time_zone, request.at)
        page = build_to_pay(
            organization=request.organization,
            today=today,
            until=selection.last_day(today),
            search=selection.search,
            kind=selection.kind,
            after=selection.after,
            before=selection.before,
        )
        return success(
            ToPayOutput(page).data, next=page.page.next or None, previous=page.page.previous or None
        )

    @extend_schema(request=SelectionInput, responses={201: InvoiceOutput})
    def post(self, request: OrganizationAPIRequest) -> Response:
        """Put renewals and drafts on one invoice, ready to be paid."""
        given = SelectionInput(data=request.data)
        given.is_valid(raise_exception=True)
        invoice = compose_selection(
            organization=request.organization,
            choices=[DueChoice(row["product"], row["months"]) for row in given.validated_data["products"]],
            invoice_ids=given.validated_data["invoices"],
            address_id=given.validated_data["address"],
            actor=request.actor,
            at=request.at,
        )
        return success(InvoiceOutput(invoice).data, code=status.HTTP_201_CREATED)


class ToPayQuote(OrganizationAPIView):
    """What a selection would cost."""

    permissions = {"POST": Permission.BILLING_VIEW}
    scopes = {"POST": "billing:read"}

    @extend_schema(request=SelectionInput, responses=SumsOutput)
    def post(self, request: OrganizationAPIRequest) -> Response:
        """Return the sums of the invoice that a selection would become; nothing is changed."""
        given = SelectionInput(data=request.data)
        given.is_valid(raise_exception=True)
        chosen = {row["product"]: row["months"] for row in given.validated_data["products"]}
        if not chosen and not given.validated_data["invoices"]:
            raise NothingSelected
        page = build_to_pay(
            organization=request.organization,
            today=day_in(request.organization.time_zone, request.at),
            until=None,
            months=chosen,
            product_ids=list(chosen),
            invoice_ids=given.validated_data["invoices"],
            address_id=given.validated_data["address"],
        )
        if page.selected != len(chosen) + len(set(given.validated_data["invoices"])):
            raise NotFound
        return success(SumsOutput(page.sums).data)


class SelectionRelease(OrganizationAPIView):
    """The end of a selection that was put on one invoice."""

    permissions = {"POST": Permission.BILLING_MANAGE}
    scopes = {"POST": "billing:write"}

    @extend_schema(request=None, responses=InvoiceOutput(many=True))
    def post(self, request: OrganizationAPIRequest, invoice_id: int) -> Response:
        """Take an unpaid selection apart and return the drafts that come back, all of them."""
        invoice = get_invoice(organization=request.organization, invoice_id=invoice_id)
        drafts = release_selection(invoice=invoice, actor=request.actor, at=request.at)
        return success(InvoiceOutput(drafts, many=True).data)
