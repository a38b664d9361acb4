"""REST operations on orders (API-1, PRD-3, PRD-4)."""

import hashlib
import secrets
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.response import Response

from billing.orders.api_codes import CodesField, CreditField, put_credit, read_codes, require_taken
from billing.orders.listed import describe_order, take_orders
from billing.orders.models import CartLine, Order, OrderLine
from billing.orders.selectors import PricedCart, find_confirmed, find_orders, get_order, price_lines
from billing.orders.services import cancel_order, place_order
from billing.orders.services.cart import MOST_LINES, MOST_UNITS, build_line
from billing.orders.services.place import CartChanged
from billing.orders.status import OrderStatus
from billing.profiles.party import Party
from billing.profiles.selectors import default_address, get_address, party_of
from billing.promotions.errors import CreditRefused
from billing.promotions.models import PromoCode
from manager.kit.api import success
from manager.kit.clock import day_in
from manager.kit.errors import DomainError
from manager.kit.ids import MAX_ID
from manager.kit.listing import Listing, answer_list
from manager.kit.money_field import MoneyField
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission
from products.catalog.chosen_options import OptionsField
from products.catalog.pricing import OptionRefused
from products.catalog.selectors import PlanNotFound, get_plan

MAX_MONTHS = 120


class OrderLineOutput(serializers.Serializer[OrderLine]):
    """What was ordered, with the product that it becomes.

    `options` are units by the option's slug; `unit_amount` is the plan's price alone. A trial is free for
    the plan's months of trial; `months` is the period that follows.
    """

    plan = serializers.CharField(source="plan.slug")
    product_id = serializers.IntegerField()
    name = serializers.CharField()
    months = serializers.IntegerField()
    quantity = serializers.IntegerField()
    options = serializers.DictField(child=serializers.IntegerField())
    unit_amount = MoneyField(currency="order.invoice.currency")
    is_trial = serializers.BooleanField()


class HoldOutput(serializers.Serializer[Any]):
    """Why an order is held: `identity_check` is asked of who ordered, by mail, until `answer_by`."""

    reason = serializers.SerializerMethodField()
    answer_by = serializers.DateTimeField()

    def get_reason(self, _hold: Any) -> str:
        """Return the code: the customer is told that a check is needed, and no more (PRD-5)."""
        return "identity_check"


class OrderOutput(serializers.Serializer[Any]):
    """An order. `invoice_id` names what is to be paid for it now; amounts are with VAT."""

    id = serializers.IntegerField()
    status = serializers.ChoiceField(choices=OrderStatus.choices)
    total_amount = MoneyField(source="invoice.total")
    invoice_id = serializers.IntegerField(source="payable.pk")
    hold = serializers.SerializerMethodField()
    lines = OrderLineOutput(many=True)
    created_at = serializers.DateTimeField()
    paid_at = serializers.DateTimeField(allow_null=True)
    cancelled_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field(HoldOutput(allow_null=True))
    def get_hold(self, order: Order) -> dict[str, Any] | None:
        """Return why the order is held now, or null."""
        if order.status != OrderStatus.HELD:
            return None
        return dict(HoldOutput(order.hold).data)


class OrderLineInput(serializers.Serializer[Any]):
    """A plan to order; `name` is the domain name where the plan needs one, else what to call the product.

    `options` are units by the slug of the plan's options, 1 for one that is switched on. `is_trial` begins
    with the free months of the plan, once per customer; `months` is then the period that follows. `setup` is
    what is chosen for the setting up, by the slugs that the catalogue tells.
    """

    plan = serializers.SlugField()
    months = serializers.IntegerField(min_value=1, max_value=MAX_MONTHS)
    quantity = serializers.IntegerField(required=False, default=1, min_value=1, max_value=MOST_UNITS)
    name = serializers.CharField(required=False, default="", allow_blank=True, max_length=253)
    options = OptionsField(required=False, default=dict)
    setup = serializers.DictField(child=serializers.CharField(max_length=60), required=False, default=dict)
    is_trial = serializers.BooleanField(required=False, default=False)
    free_credit_id = CreditField()


class OrderInput(serializers.Serializer[Any]):
    """What to order. Without `confirmed_total` nothing is ordered: the answer says what it would cost.

    `address_id` names a billing address; without it the default one is taken. `confirmed_total` is the
    total with VAT that such an answer gave: another price in between is refused. `codes` are
    promotional codes; such an answer is refused where one of them takes nothing off.
    """

    lines = OrderLineInput(many=True, allow_empty=False, max_length=MOST_LINES)  # type: ignore[call-arg]  # of many
    address_id = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=MAX_ID
    )
    confirmed_total = MoneyField(required=False, allow_null=True, default=None)
    codes = CodesField()


class QuotedLineOutput(serializers.Serializer[Any]):
    """A line of an offer. `tax_rate` in basis points (810 = 8.1 %)."""

    description = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_amount = MoneyField(source="unit")
    discount_amount = MoneyField(source="discount")
    net_amount = MoneyField(source="net")
    tax_rate = serializers.IntegerField()
    tax_amount = MoneyField(source="tax")


class OfferOutput(serializers.Serializer[Any]):
    """What the lines would cost today; nothing is ordered."""

    net_amount = MoneyField(source="net")
    tax_amount = MoneyField(source="tax")
    total_amount = MoneyField(source="total")
    lines = QuotedLineOutput(many=True)


class OrderFilters(serializers.Serializer[Any]):
    """The filters of the list."""

    status = serializers.ChoiceField(choices=OrderStatus.choices, required=False, default="")


class OrderList(OrganizationAPIView):
    """The orders of an organization."""

    permissions = {"GET": Permission.BILLING_VIEW, "POST": Permission.PRODUCTS_ORDER}
    scopes = {"GET": "billing:read", "POST": "products:write"}
    listing = Listing(descending=True, filters=OrderFilters)

    @extend_schema(responses=OrderOutput(many=True))
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List orders, newest first."""
        asked = self.listing.read(request.query_params)
        return answer_list(
            asked,
            find_orders(organization_id=request.organization.pk, **asked.criteria),
            lambda rows: [describe_order(order) for order in rows],
            take=take_orders(organization=request.organization, **asked.criteria),
        )

    @extend_schema(request=OrderInput, responses={200: OfferOutput, 201: OrderOutput})
    def post(self, request: OrganizationAPIRequest) -> Response:
        """Place an order that waits for its payment, or learn what it would cost."""
        given = OrderInput(data=request.data, context={"currency": request.organization.currency})
        given.is_valid(raise_exception=True)
        key = _confirmation_key(request)
        known = find_confirmed(organization=request.organization, confirmation_key=key)
        if known is not None and given.validated_data["confirmed_total"] is not None:
            return _placed(request, known.pk)
        address = _address(request, given.validated_data["address_id"])
        codes = read_codes(request, given.validated_data["codes"])
        lines = [_line(request, index, line) for index, line in enumerate(given.validated_data["lines"])]
        total = given.validated_data["confirmed_total"]
        if total is None:
            return success(OfferOutput(_price(request, lines, address, codes).quote).data)
        order = place_order(
            organization=request.organization,
            address=address,
            confirmation_key=key,
            confirmed_total=total.amount,
            actor=request.actor,
            at=request.at,
            lines=lines,
            codes=codes,
        )
        return _placed(request, order.pk)


class OrderDetail(OrganizationAPIView):
    """One order."""

    permissions = {"GET": Permission.BILLING_VIEW}
    scopes = {"GET": "billing:read"}

    @extend_schema(responses=OrderOutput)
    def get(self, request: OrganizationAPIRequest, order_id: int) -> Response:
        """Return an order with its lines."""
        return success(OrderOutput(get_order(organization=request.organization, order_id=order_id)).data)


class OrderCancel(OrganizationAPIView):
    """Cancel an order."""

    permissions = {"POST": Permission.BILLING_MANAGE}
    scopes = {"POST": "billing:write"}

    @extend_schema(request=None, responses=OrderOutput)
    def post(self, request: OrganizationAPIRequest, order_id: int) -> Response:
        """Cancel an order that is not paid; money that is already on its way becomes balance."""
        order = get_order(organization=request.organization, order_id=order_id)
        cancel_order(order=order, actor=request.actor, at=request.at)
        return success(OrderOutput(get_order(organization=request.organization, order_id=order_id)).data)


def _placed(request: OrganizationAPIRequest, order_id: int) -> Response:
    placed = get_order(organization=request.organization, order_id=order_id)
    return success(OrderOutput(placed).data, code=status.HTTP_201_CREATED)


def _confirmation_key(request: OrganizationAPIRequest) -> str:
    """Return the name of this one confirmation; without a key of the client every request is a new one."""
    key = request.headers.get("Idempotency-Key", "")
    # Hashed, so that it can neither be too long nor meet one of the pages' keys.
    return hashlib.sha256(f"api:{key or secrets.token_hex(16)}".encode()).hexdigest()


def _address(request: OrganizationAPIRequest, address_id: int | None) -> Party:
    if address_id is None:
        return default_address(organization=request.organization)
    address = get_address(organization=request.organization, address_id=address_id)
    return party_of(address, organization=request.organization)


def _line(request: OrganizationAPIRequest, index: int, given: dict[str, Any]) -> CartLine:
    """Return the line as the cart would take it; a refusal says which line and which of its fields."""
    try:
        line = build_line(
            organization=request.organization,
            plan=get_plan(slug=given["plan"]),
            months=given["months"],
            quantity=given["quantity"],
            name=given["name"],
            options=given["options"],
            is_trial=given["is_trial"],
            setup=given["setup"],
            at=request.at,
        )
        return put_credit(request, line, given["free_credit_id"])
    except DomainError as error:
        field = "plan" if isinstance(error, PlanNotFound) else error.field or "plan"
        field = "options" if isinstance(error, OptionRefused) else field
        field = "free_credit_id" if isinstance(error, CreditRefused) else field
        fields: list[dict[str, list[str]]] = [{} for _line in range(index)]
        raise serializers.ValidationError({"lines": [*fields, {field: [str(error.message)]}]}) from error


def _price(
    request: OrganizationAPIRequest, lines: list[CartLine], address: Party, codes: list[PromoCode]
) -> PricedCart:
    today = day_in(request.organization.time_zone, request.at)
    organization = request.organization
    priced = price_lines(organization=organization, lines=lines, buyer=address, on=today, codes=codes)
    if priced.quote is None or priced.unavailable:
        raise CartChanged
    require_taken(priced)
    return priced
