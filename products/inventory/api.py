"""REST operations on products (API-1)."""

from typing import Any

from django.db import transaction
from django.utils.timezone import localtime
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.response import Response

from manager.kit.api import success
from manager.kit.clock import day_in
from manager.kit.ids import MAX_ID
from manager.kit.listing import DayField, Listing, answer_list
from manager.kit.money_field import MoneyField
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission
from organizations.teams.models import Color
from products.inventory.errors import ProductReadOnly
from products.inventory.listed import ORDERS, take_products
from products.inventory.models import Product
from products.inventory.outlook import find_outlook
from products.inventory.search import look_up
from products.inventory.selectors import find_products, get_product
from products.inventory.services import describe_product, rename_product
from products.inventory.services.names import MAX_NAME, MAX_REFERENCE
from products.inventory.status import ProductStatus
from products.inventory.timeline import StepKind, timeline

OWN_WORDS = ("internal_name", "reference")
OF_PRODUCT = OpenApiParameter("product_id", int, OpenApiParameter.PATH)


class PlanOutput(serializers.Serializer[Product]):
    """The offer that a product was bought as."""

    slug = serializers.CharField()
    name = serializers.CharField()


class TagOutput(serializers.Serializer[Any]):
    """A tag of the organization."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    color = serializers.ChoiceField(choices=Color.choices)


class ProductOutput(serializers.Serializer[Any]):
    """A product. `expires_on` is the first day that is not paid, in the organization's time zone.

    `options` are units by the option's slug, 1 for one that is switched on; what is included has none.
    """

    id = serializers.IntegerField()
    name = serializers.CharField()
    family = serializers.CharField()
    kind = serializers.CharField()
    plan = PlanOutput()
    status = serializers.ChoiceField(choices=ProductStatus.choices)
    expires_on = serializers.DateField(allow_null=True)
    months = serializers.IntegerField()
    quantity = serializers.IntegerField()
    options = serializers.SerializerMethodField()
    auto_renew = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    activated_at = serializers.DateTimeField(allow_null=True)
    restorable_until = serializers.DateTimeField(allow_null=True)
    internal_name = serializers.CharField()
    reference = serializers.CharField()
    tags = serializers.SerializerMethodField()

    @extend_schema_field(TagOutput(many=True))
    def get_tags(self, product: Product) -> Any:
        """Return the product's tags by name."""
        tags = sorted((place.tag for place in product.tag_places.all()), key=lambda tag: tag.name.lower())
        return TagOutput(tags, many=True).data

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_options(self, product: Product) -> dict[str, int]:
        """Return the product's options."""
        return {option.slug: option.quantity for option in product.options.all()}


class StepOutput(serializers.Serializer[Any]):
    """Something that happens on a day; `only_unpaid`: not if the product is paid before.

    `net_amount` is what it costs without VAT: of a charge the period, of a redemption what a restore then
    costs with the renewal.
    """

    kind = serializers.ChoiceField(choices=[(str(kind), str(kind)) for kind in StepKind])
    on = serializers.DateField()
    only_unpaid = serializers.BooleanField()
    until = serializers.DateField(allow_null=True)
    net_amount = MoneyField(source="money", allow_null=True)


class ProductFilters(serializers.Serializer[Product]):
    """What the list can be filtered by."""

    family = serializers.SlugField(required=False, default="")
    kind = serializers.SlugField(
        required=False, default="", help_text="A kind of offers as in the catalogue, such as `hosting`."
    )
    status = serializers.ChoiceField(choices=ProductStatus.choices, required=False, default="")
    expires_before = DayField(required=False, default=None)
    auto_renew = serializers.BooleanField(required=False, default=None, allow_null=True)
    tag = serializers.IntegerField(required=False, default=None, min_value=1, max_value=MAX_ID)
    is_busy = serializers.BooleanField(
        required=False, default=None, allow_null=True, help_text="Whether an action is under way."
    )


class ProductChange(serializers.Serializer[Product]):
    """What can be changed of a product."""

    name = serializers.CharField(max_length=MAX_NAME, required=False)
    internal_name = serializers.CharField(max_length=MAX_NAME, required=False, allow_blank=True)
    reference = serializers.CharField(max_length=MAX_REFERENCE, required=False, allow_blank=True)


def _describe(product: Product) -> dict[str, Any]:
    """Return a row of `list_products` as ProductOutput writes it, which would take several times as long."""
    return {
        "id": product.pk,
        "name": product.name,
        "family": product.family,
        "kind": product.kind,
        "plan": {"slug": product.plan.slug, "name": product.plan.name},
        "status": product.status,
        "expires_on": product.expires_on,
        "months": product.months,
        "quantity": product.quantity,
        "options": {option["slug"]: option["quantity"] for option in product.had},  # type: ignore[attr-defined]  # annotated
        "auto_renew": product.auto_renew,
        "created_at": localtime(product.created_at),
        "activated_at": product.activated_at and localtime(product.activated_at),
        "restorable_until": product.restorable_until and localtime(product.restorable_until),
        "internal_name": product.internal_name,
        "reference": product.reference,
        "tags": sorted(product.shown_tags, key=lambda tag: tag["name"].lower()),  # type: ignore[attr-defined]  # annotated
    }


class ProductList(OrganizationAPIView):
    """The products of an organization."""

    permissions = {"GET": Permission.PRODUCTS_VIEW}
    scopes = {"GET": "products:read"}
    listing = Listing(orders=ORDERS, filters=ProductFilters, searched=True)

    @extend_schema(responses=ProductOutput(many=True))
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List products, by default those not ended, by expiry."""
        asked = self.listing.read(request.query_params)
        wanted: dict[str, Any] = {
            **asked.criteria,
            "organization": request.organization,
            "scope": request.product_scope,
        }
        if words := wanted["search"]:
            wanted["search"] = look_up(words, organization_id=request.organization.pk)
        return answer_list(
            asked,
            find_products(**wanted),
            lambda rows: [_describe(product) for product in rows],
            take=take_products(**wanted, order=asked.order),
        )


class ProductDetail(OrganizationAPIView):
    """One product."""

    permissions = {"GET": Permission.PRODUCTS_VIEW, "PATCH": Permission.PRODUCTS_MANAGE}
    scopes = {"GET": "products:read", "PATCH": "products:write"}

    @extend_schema(parameters=[OF_PRODUCT], responses=ProductOutput)
    def get(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """Return one product."""
        product = get_product(
            organization=request.organization, scope=request.product_scope, product_id=product_id
        )
        return success(ProductOutput(product).data)

    @extend_schema(request=ProductChange, responses=ProductOutput)
    def patch(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """Give a product another name, internal name or own reference."""
        product = get_product(
            organization=request.organization, scope=request.product_scope, product_id=product_id
        )
        if not request.product_scope.may_manage(product.pk, product.family):
            raise ProductReadOnly
        change = ProductChange(data=request.data)
        change.is_valid(raise_exception=True)
        wanted = dict(change.validated_data)
        by: dict[str, Any] = {"actor": request.actor, "at": request.at}
        with transaction.atomic():
            if "name" in wanted:
                product = rename_product(product=product, name=wanted["name"], **by)
            words = {field: wanted.get(field, getattr(product, field)) for field in OWN_WORDS}
            product = describe_product(product=product, **words, **by)
        return success(ProductOutput(product).data)


class ProductTimeline(OrganizationAPIView):
    """What happens next with a product."""

    permissions = {"GET": Permission.PRODUCTS_VIEW}
    scopes = {"GET": "products:read"}

    @extend_schema(
        parameters=[OF_PRODUCT],
        responses=StepOutput(many=True),
        operation_id="products_timeline",
    )
    def get(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """List the steps of the product's timeline from today on, in order."""
        product = get_product(
            organization=request.organization, scope=request.product_scope, product_id=product_id
        )
        today = day_in(request.organization.time_zone, request.at)
        steps = timeline(product, today, find_outlook(product, at=request.at))
        return success(StepOutput(steps, many=True).data)
