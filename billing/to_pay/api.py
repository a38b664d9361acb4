"""REST operations on what is to be paid (BIL-2, API-1)."""

from datetime import date
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from billing.invoices.api import InvoiceOutput
from billing.invoices.selectors import get_invoice
from billing.payments.selectors import MONTHS_AHEAD
from billing.to_pay.due_rows import BY_DAY, DueRow, find_periods, list_due
from billing.to_pay.errors import NothingSelected
from billing.to_pay.forms import ALL, SOON
from billing.to_pay.listing import MOST, Wanted
from billing.to_pay.rows import PeriodOption, Sums
from billing.to_pay.selectors import build_to_pay
from billing.to_pay.services import DueChoice, compose_selection, release_selection
from manager.kit.api import success
from manager.kit.clock import add_months, day_in
from manager.kit.errors import NotFound
from manager.kit.fields import PERIOD_CHOICES
from manager.kit.listing import DayField, Listing, answer_list
from manager.kit.money_field import MoneyField
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission
from organizations.profile.models import Organization

BIGGEST = 2**63 - 1
INVOICE, RENEWAL = "invoice", "renewal"


class PeriodOutput(serializers.Serializer[Any]):
    """A period that a product can be renewed by; `net_amount` for all its units, without VAT."""

    months = serializers.IntegerField()
    net_amount = MoneyField(source="net")


class DueProductOutput(serializers.Serializer[Any]):
    """A product that comes to its end."""

    product_id = serializers.IntegerField()
    name = serializers.CharField()
    expires_on = serializers.DateField()
    months = serializers.IntegerField()
    periods = PeriodOutput(many=True)


class DueOutput(serializers.Serializer[Any]):
    """What is due on a day: a product that can be renewed, or an invoice that waits for its payment."""

    due_on = serializers.DateField()
    kind = serializers.ChoiceField(choices=[INVOICE, RENEWAL])
    product = DueProductOutput(allow_null=True)
    invoice = InvoiceOutput(allow_null=True)


class ToPayFilters(serializers.Serializer[Any]):
    """What the list can be filtered by; `until` stands for itself, else `show` says how far ahead.

    `show` is soon (two months) or all. `kind` is invoices, renewals, or a family.
    """

    show = serializers.ChoiceField(choices=[SOON, ALL], required=False, default=SOON)
    until = DayField(required=False, default=None)
    kind = serializers.SlugField(max_length=50, required=False, default="")


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

    listing = Listing(orders={"due_on": BY_DAY}, filters=ToPayFilters, searched=True)

    @extend_schema(responses=DueOutput(many=True))
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List what is due, products and invoices together, what is due first at the top."""
        asked = self.listing.read(request.query_params)
        organization, today = request.organization, day_in(request.organization.time_zone, request.at)
        rows, take = list_due(_wanted(organization, asked.criteria, today))

        def write(rows: list[DueRow]) -> Any:
            periods = find_periods(organization=organization, rows=rows, on=today)
            return DueOutput([_describe(row, periods) for row in rows], many=True).data

        return answer_list(asked, rows, write, take=take)

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


def _wanted(organization: Organization, given: dict[str, Any], today: date) -> Wanted:
    soon = None if given["show"] == ALL else add_months(today, MONTHS_AHEAD)
    return Wanted(organization, given["until"] or soon, given["search"], given["kind"])


def _describe(row: DueRow, periods: dict[int, list[PeriodOption]]) -> dict[str, Any]:
    product = {**row.told, "product_id": row.pk, "periods": periods.get(row.pk, [])} if row.plan else None
    kind = RENEWAL if row.plan else INVOICE
    return {"due_on": row.day, "kind": kind, "product": product, "invoice": row.invoice}


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
