"""REST operations on restores (PRD-11, API-1)."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from billing.restores.selectors import offer_restore
from billing.restores.services import order_restore
from manager.kit.api import success
from manager.kit.clock import day_in
from manager.kit.fields import PERIOD_MONTHS
from manager.kit.money_field import MoneyField
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission
from products.inventory.models import Product
from products.inventory.selectors import get_product

OF_PRODUCT = OpenApiParameter("product_id", int, OpenApiParameter.PATH)


class RestoreOfferOutput(serializers.Serializer[Any]):
    """What restoring a domain costs: the fee alone, and all with its renewal by `months`."""

    product_id = serializers.IntegerField(source="product.pk")
    months = serializers.IntegerField()
    choices = serializers.ListField(child=serializers.IntegerField())
    paid_until = serializers.DateField(source="until")
    fee_amount = MoneyField(source="fee")
    net_amount = MoneyField(source="quote.net")
    tax_amount = MoneyField(source="quote.tax")
    total_amount = MoneyField(source="quote.total")


class RestoreInput(serializers.Serializer[Any]):
    """By how many months the domain is renewed with its restore; by default as before."""

    months = serializers.ChoiceField(
        choices=[(months, str(months)) for months in PERIOD_MONTHS], required=False
    )


class RestoreOutput(serializers.Serializer[Any]):
    """The invoice that restores the domain once it is paid."""

    invoice_id = serializers.IntegerField(source="pk")
    total_amount = MoneyField()
    due_on = serializers.DateField()


class Redemption(OrganizationAPIView):
    """A domain in redemption."""

    permissions = {"GET": Permission.BILLING_VIEW, "POST": Permission.BILLING_MANAGE}
    scopes = {"GET": "billing:read", "POST": "billing:write"}

    @extend_schema(parameters=[OF_PRODUCT], responses=RestoreOfferOutput, operation_id="redemption_offer")
    def get(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """Return what restoring the domain costs today."""
        today = day_in(request.organization.time_zone, request.at)
        return success(
            RestoreOfferOutput(offer_restore(product=self._product(request, product_id), today=today)).data
        )

    @extend_schema(
        parameters=[OF_PRODUCT],
        request=RestoreInput,
        responses={201: RestoreOutput},
        operation_id="redemption_restore",
    )
    def post(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """Make out the invoice that restores the domain once it is paid."""
        product = self._product(request, product_id)
        given = RestoreInput(data=request.data)
        given.is_valid(raise_exception=True)
        invoice = order_restore(product=product, actor=request.actor, at=request.at, **given.validated_data)
        return success(RestoreOutput(invoice).data, code=status.HTTP_201_CREATED)

    def _product(self, request: OrganizationAPIRequest, product_id: int) -> Product:
        return get_product(
            organization=request.organization, scope=request.product_scope, product_id=product_id
        )
