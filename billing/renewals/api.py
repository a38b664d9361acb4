"""REST operations on renewals (BIL-10, API-1)."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from billing.payment_methods.selectors import get_method
from billing.profiles.selectors import get_address
from billing.renewals.forms import MOST
from billing.renewals.selectors import (
    AUTOMATIC,
    BY_EXPIRY,
    MANUAL,
    REFUSED,
    describe,
    get_product,
    list_chosen,
    list_renewable,
)
from billing.renewals.services import (
    Held,
    Switched,
    prefer_address,
    prefer_method,
    switch_many,
    switch_off,
    switch_on,
)
from manager.kit.api import success
from manager.kit.listing import Listing, answer_list
from manager.kit.money_field import MoneyField
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission
from products.inventory.models import Product

BIGGEST = 2**63 - 1


class RenewalOutput(serializers.Serializer[Any]):
    """How one product goes on. `net_amount` is what the next period costs, without VAT.

    `next_charge_on` is null where nothing is charged by itself; `declined_because` says why the last charge
    was refused, `cannot_switch_on_because` why automatic renewal cannot be switched on now.
    """

    product_id = serializers.IntegerField(source="product.pk")
    name = serializers.CharField(source="product.name")
    expires_on = serializers.DateField(source="product.expires_on")
    months = serializers.IntegerField(source="product.months")
    auto_renew = serializers.BooleanField(source="product.auto_renew")
    payment_method_id = serializers.IntegerField(source="method.pk", default=None, allow_null=True)
    has_own_payment_method = serializers.BooleanField(source="has_own_method")
    billing_address_id = serializers.IntegerField(source="address.pk", default=None, allow_null=True)
    next_charge_on = serializers.DateField(allow_null=True)
    net_amount = MoneyField(source="price", allow_null=True)
    invoice_id = serializers.IntegerField(source="invoice.pk", default=None, allow_null=True)
    declined_because = serializers.CharField(source="decline")
    cannot_switch_on_because = serializers.CharField(source="refusal", allow_null=True)


class RenewalFilters(serializers.Serializer[Any]):
    """What the list can be filtered by."""

    show = serializers.ChoiceField(choices=[AUTOMATIC, MANUAL, REFUSED], required=False, default="")


class RenewalChange(serializers.Serializer[Any]):
    """What can be changed; a means or an address of null goes back to the organization's default."""

    auto_renew = serializers.BooleanField(required=False)
    payment_method = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=BIGGEST)
    billing_address = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=BIGGEST
    )


class RenewalsChange(RenewalChange):
    """What is changed of many products at once; null goes back to the organization's default."""

    product_ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=BIGGEST), min_length=1, max_length=MOST
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a request that changes nothing."""
        if attrs.keys() == {"product_ids"}:
            raise serializers.ValidationError(_("Say what shall be changed."))
        return attrs


class RenewalsChanged(serializers.Serializer[Any]):
    """What came of it for one product; `refused_because` is empty where all was set."""

    product_id = serializers.IntegerField(source="product.pk")
    auto_renew = serializers.BooleanField(source="product.auto_renew")
    refused_because = serializers.CharField(source="refusal", allow_blank=True)


def _prefer(request: OrganizationAPIRequest, values: dict[str, Any], ids: list[int]) -> list[Held]:
    """Keep the means and the billing address that were chosen for products; return where they were not."""
    organization, held = request.organization, []
    means_id, address_id = values.get("payment_method"), values.get("billing_address")
    # Both are looked for before either is kept: nothing is written where one is not there.
    method = get_method(organization=organization, method_id=means_id) if means_id else None
    address = get_address(organization=organization, address_id=address_id) if address_id else None
    if "payment_method" in values:
        done = prefer_method(
            organization=organization, product_ids=ids, method=method, actor=request.actor, at=request.at
        )
        held += done.held
    if "billing_address" in values:
        done = prefer_address(
            organization=organization, product_ids=ids, address=address, actor=request.actor, at=request.at
        )
        held += done.held
    return held


class RenewalList(OrganizationAPIView):
    """The products of an organization that can renew."""

    permissions = {"GET": Permission.BILLING_VIEW, "PATCH": Permission.BILLING_MANAGE}
    scopes = {"GET": "billing:read", "PATCH": "billing:write"}
    listing = Listing(orders={"expires_on": BY_EXPIRY}, filters=RenewalFilters, searched=True)

    @extend_schema(request=RenewalsChange, responses=RenewalsChanged(many=True))
    def patch(self, request: OrganizationAPIRequest) -> Response:
        """Choose means and billing address of many products, and switch automatic renewal on or off.

        What is refused says why, product by product (BIL-8, BIL-10).
        """
        given = RenewalsChange(data=request.data)
        given.is_valid(raise_exception=True)
        ids = list(dict.fromkeys(given.validated_data["product_ids"]))
        products = list_chosen(organization=request.organization, product_ids=ids)
        held = _prefer(request, given.validated_data, ids)
        refused = {one.product_id: one.refusal for one in held}
        results = [Switched(product, refused.get(product.pk, "")) for product in products]
        if "auto_renew" in given.validated_data:
            on = given.validated_data["auto_renew"]
            switched = switch_many(products=products, on=on, actor=request.actor, at=request.at)
            results = [
                Switched(one.product, one.refusal or refused.get(one.product.pk, "")) for one in switched
            ]
        return success(RenewalsChanged(results, many=True).data)

    @extend_schema(responses=RenewalOutput(many=True))
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List renewals, soonest expiry first."""
        asked = self.listing.read(request.query_params)
        products = list_renewable(organization=request.organization, **asked.criteria)

        def write(rows: list[Product]) -> Any:
            described = describe(organization=request.organization, products=rows, at=request.at)
            return RenewalOutput(described, many=True).data

        return answer_list(asked, products, write)


class ProductRenewal(OrganizationAPIView):
    """How one product renews."""

    permissions = {"GET": Permission.BILLING_VIEW, "PATCH": Permission.BILLING_MANAGE}
    scopes = {"GET": "billing:read", "PATCH": "billing:write"}

    @extend_schema(
        parameters=[OpenApiParameter("product_id", int, OpenApiParameter.PATH)], responses=RenewalOutput
    )
    def get(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """Return how the product renews."""
        return self._answer(request, product_id)

    @extend_schema(
        parameters=[OpenApiParameter("product_id", int, OpenApiParameter.PATH)],
        request=RenewalChange,
        responses=RenewalOutput,
    )
    def patch(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """Choose means and billing address, and switch automatic renewal on or off."""
        product = get_product(organization=request.organization, product_id=product_id)
        given = RenewalChange(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        for held in _prefer(request, values, [product_id]):
            raise held.error
        if "auto_renew" in values:
            verb = switch_on if values["auto_renew"] else switch_off
            verb(product=product, actor=request.actor, at=request.at)
        return self._answer(request, product_id)

    def _answer(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        product = get_product(organization=request.organization, product_id=product_id)
        [row] = describe(organization=request.organization, products=[product], at=request.at)
        return success(RenewalOutput(row).data)
