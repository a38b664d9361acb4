"""REST operations on changes of an offer (PRD-10, PRD-14, API-1)."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.response import Response

from billing.changes.models import ChangeQuote
from billing.changes.page import build_change_page
from billing.changes.selectors import get_change, list_changes
from billing.changes.services import accept_change, quote_change, withdraw_change
from billing.changes.services.quote import PlanRefused
from billing.changes.status import ChangeStatus
from billing.orders.services.cart import MOST_UNITS
from manager.kit.api import success
from manager.kit.fields import PERIOD_CHOICES
from manager.kit.listing import Listing, answer_list
from manager.kit.money_field import MoneyField
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission
from products.catalog.chosen_options import OptionsField
from products.catalog.models import Plan
from products.catalog.selectors import PlanNotFound, get_plan
from products.inventory.errors import ProductReadOnly
from products.inventory.models import Product
from products.inventory.selectors import get_product

PRODUCT = OpenApiParameter("product_id", int, OpenApiParameter.PATH)
CHANGE = OpenApiParameter("change_id", int, OpenApiParameter.PATH)


class ChangeLineOutput(serializers.Serializer[Any]):
    """A line of a change; what is set off is below zero. `tax_rate` in basis points (810 = 8.1 %)."""

    description = serializers.CharField()
    net_amount = MoneyField(source="net")
    tax_rate = serializers.IntegerField()
    tax_amount = MoneyField(source="tax")


class ChangeOutput(serializers.Serializer[Any]):
    """A change of an offer, from the day `on`.

    `due_amount` is to be paid by `invoice_id` before it is carried out, `surplus_amount` becomes balance of
    the prepaid account; both with VAT. A quote can be accepted until `valid_until`.
    """

    id = serializers.IntegerField()
    product_id = serializers.IntegerField()
    status = serializers.ChoiceField(choices=ChangeStatus.choices)
    on = serializers.DateField()
    plan = serializers.CharField(source="plan.slug")
    months = serializers.IntegerField()
    quantity = serializers.IntegerField()
    options = serializers.DictField(child=serializers.IntegerField())
    due_amount = MoneyField()
    surplus_amount = MoneyField()
    invoice_id = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    valid_until = serializers.DateTimeField()
    accepted_at = serializers.DateTimeField(allow_null=True)
    settled_at = serializers.DateTimeField(allow_null=True)


class ChangeDetailOutput(ChangeOutput):
    """A change with its lines."""

    lines = serializers.SerializerMethodField()

    @extend_schema_field(ChangeLineOutput(many=True))
    def get_lines(self, change: ChangeQuote) -> list[dict[str, Any]]:
        """Return what is charged, and what is set off against it."""
        page = build_change_page(change=change, at=self.context["at"])
        return list(ChangeLineOutput(page.priced.lines if page.priced else [], many=True).data)


class ChangeInput(serializers.Serializer[Any]):
    """The wanted offer; what is left out stays. `options` are all that the product shall have, by slug."""

    plan = serializers.SlugField(required=False)
    months = serializers.ChoiceField(choices=PERIOD_CHOICES, required=False)
    quantity = serializers.IntegerField(required=False, min_value=1, max_value=MOST_UNITS)
    options = OptionsField(required=False)


class _ProductView(OrganizationAPIView):
    """Operations on the changes of one product."""

    permissions = {"GET": Permission.PRODUCTS_ORDER, "POST": Permission.PRODUCTS_ORDER}
    scopes = {"GET": "products:read", "POST": "products:write"}

    def product(self, request: OrganizationAPIRequest, product_id: int) -> Product:
        """Return the product, if the member may manage it."""
        product = get_product(
            organization=request.organization, scope=request.product_scope, product_id=product_id
        )
        if not request.product_scope.may_manage(product.pk, product.family):
            raise ProductReadOnly
        return product

    def answer(
        self, request: OrganizationAPIRequest, change: ChangeQuote, code: int = status.HTTP_200_OK
    ) -> Response:
        """Return the change with its lines."""
        row = get_change(product=change.product, change_id=change.pk)
        return success(ChangeDetailOutput(row, context={"at": request.at}).data, code=code)


class ChangeList(_ProductView):
    """The changes of a product."""

    listing = Listing(descending=True)

    @extend_schema(parameters=[PRODUCT], responses=ChangeOutput(many=True))
    def get(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """List the changes that were accepted, newest first."""
        product = self.product(request, product_id)
        asked = self.listing.read(request.query_params)
        return answer_list(asked, list_changes(product=product), ChangeOutput)

    @extend_schema(parameters=[PRODUCT], request=ChangeInput, responses={201: ChangeDetailOutput})
    def post(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """Have a change quoted; nothing changes before the quote is accepted."""
        product = self.product(request, product_id)
        given = ChangeInput(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = dict(given.validated_data)
        slug = wanted.pop("plan", None)
        change = quote_change(product=product, plan=_plan(product, slug), at=request.at, **wanted)
        return self.answer(request, change, status.HTTP_201_CREATED)


def _plan(product: Product, slug: str | None) -> Plan | None:
    if slug is None or slug == product.plan.slug:
        return None
    try:
        return get_plan(slug=slug)
    except PlanNotFound as error:
        raise PlanRefused from error


class ChangeDetail(_ProductView):
    """One change of a product."""

    @extend_schema(parameters=[PRODUCT, CHANGE], responses=ChangeDetailOutput)
    def get(self, request: OrganizationAPIRequest, product_id: int, change_id: int) -> Response:
        """Return a change with its lines."""
        product = self.product(request, product_id)
        return self.answer(request, get_change(product=product, change_id=change_id))


class ChangeAccept(_ProductView):
    """Accept a quote."""

    @extend_schema(parameters=[PRODUCT, CHANGE], request=None, responses=ChangeDetailOutput)
    def post(self, request: OrganizationAPIRequest, product_id: int, change_id: int) -> Response:
        """Accept a quote at its sums: carried out at once, or with the payment of `invoice_id`."""
        product = self.product(request, product_id)
        change = get_change(product=product, change_id=change_id)
        change = accept_change(change=change, actor=request.actor, at=request.at)
        return self.answer(request, change)


class ChangeWithdraw(_ProductView):
    """Take an accepted change back."""

    @extend_schema(parameters=[PRODUCT, CHANGE], request=None, responses=ChangeDetailOutput)
    def post(self, request: OrganizationAPIRequest, product_id: int, change_id: int) -> Response:
        """Take back a change that is not paid; its invoice is cancelled."""
        product = self.product(request, product_id)
        change = get_change(product=product, change_id=change_id)
        change = withdraw_change(change=change, actor=request.actor, at=request.at)
        return self.answer(request, change)
