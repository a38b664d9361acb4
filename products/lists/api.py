"""REST operations on tags (API-1)."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.tokens.scopes import Scope
from manager.kit.api import success
from manager.kit.fields import refuse_control_characters
from manager.kit.ids import MAX_ID, MOST_SELECTED
from manager.kit.listing import Listing, answer_list
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission
from organizations.teams.models import Color
from products.inventory.api import OF_PRODUCT, TagOutput
from products.inventory.errors import ProductReadOnly
from products.inventory.selectors import get_product
from products.lists.chosen import get_managed
from products.lists.models import Tag
from products.lists.selectors import BY_NAME, find_tags, get_tag, tags_of
from products.lists.services import (
    create_tag,
    delete_tag,
    edit_tag,
    find_or_create_tag,
    find_tags_named,
    set_tags,
    tag_products,
)

LEAD = Permission.ORGANIZATION_MANAGE
OF_TAG = OpenApiParameter("tag_id", int, OpenApiParameter.PATH)
MOST_ON_ONE = 50


def _names(**options: Any) -> serializers.ListField:
    """Return a field of names of tags."""
    name = serializers.CharField(max_length=40, validators=[refuse_control_characters])
    return serializers.ListField(child=name, max_length=MOST_ON_ONE, **options)


class TagInput(serializers.Serializer[Any]):
    """What a tag is called, and its colour."""

    name = serializers.CharField(max_length=40, validators=[refuse_control_characters])
    color = serializers.ChoiceField(choices=Color.choices, default=Color.INDIGO)


class TagPatch(serializers.Serializer[Any]):
    """What to change of a tag."""

    name = serializers.CharField(max_length=40, required=False, validators=[refuse_control_characters])
    color = serializers.ChoiceField(choices=Color.choices, required=False)


class TagsOfProductInput(serializers.Serializer[Any]):
    """The names of all tags that the product shall have; those that are not known yet are made."""

    tags = _names()


class TagList(OrganizationAPIView):
    """The tags of an organization."""

    permissions = {"GET": Permission.PRODUCTS_VIEW, "POST": LEAD}
    scopes = {"GET": Scope.PRODUCTS_READ, "POST": Scope.PRODUCTS_WRITE}
    listing = Listing(orders={"name": BY_NAME})

    @extend_schema(responses=TagOutput(many=True), operation_id="tags_list")
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List the tags by name, a page at a time."""
        asked = self.listing.read(request.query_params)
        rows = find_tags(organization=request.organization, scope=request.product_scope)
        return answer_list(asked, rows, TagOutput)

    @extend_schema(request=TagInput, responses={201: TagOutput}, operation_id="tags_create")
    def post(self, request: OrganizationAPIRequest) -> Response:
        """Make a tag."""
        given = TagInput(data=request.data)
        given.is_valid(raise_exception=True)
        tag = create_tag(
            organization_id=request.organization.pk,
            actor=request.actor,
            at=request.at,
            **given.validated_data,
        )
        return success(TagOutput(tag).data, code=status.HTTP_201_CREATED)


class TagDetail(OrganizationAPIView):
    """One tag."""

    permissions = {"GET": Permission.PRODUCTS_VIEW, "PATCH": LEAD, "DELETE": LEAD}
    scopes = {"GET": Scope.PRODUCTS_READ, "PATCH": Scope.PRODUCTS_WRITE, "DELETE": Scope.PRODUCTS_WRITE}

    @extend_schema(parameters=[OF_TAG], responses=TagOutput, operation_id="tags_get")
    def get(self, request: OrganizationAPIRequest, tag_id: int) -> Response:
        """Show a tag."""
        return success(TagOutput(_tag(request, tag_id)).data)

    @extend_schema(parameters=[OF_TAG], request=TagPatch, responses=TagOutput, operation_id="tags_change")
    def patch(self, request: OrganizationAPIRequest, tag_id: int) -> Response:
        """Give a tag another name or colour."""
        tag = _tag(request, tag_id)
        given = TagPatch(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = {"name": tag.name, "color": tag.color, **given.validated_data}
        return success(TagOutput(edit_tag(tag=tag, actor=request.actor, at=request.at, **wanted)).data)

    @extend_schema(parameters=[OF_TAG], responses={200: None}, operation_id="tags_delete")
    def delete(self, request: OrganizationAPIRequest, tag_id: int) -> Response:
        """Take a tag off all products, and away."""
        delete_tag(tag=_tag(request, tag_id), actor=request.actor, at=request.at)
        return success(None)


class ProductTags(OrganizationAPIView):
    """The tags of a product."""

    permissions = {"GET": Permission.PRODUCTS_VIEW, "PUT": Permission.PRODUCTS_MANAGE}
    scopes = {"GET": Scope.PRODUCTS_READ, "PUT": Scope.PRODUCTS_WRITE}

    @extend_schema(parameters=[OF_PRODUCT], responses=TagOutput(many=True), operation_id="product_tags_get")
    def get(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """List the tags of a product."""
        product = get_product(
            organization=request.organization, scope=request.product_scope, product_id=product_id
        )
        return success(TagOutput(tags_of(product), many=True).data)

    @extend_schema(
        parameters=[OF_PRODUCT],
        request=TagsOfProductInput,
        responses=TagOutput(many=True),
        operation_id="product_tags_set",
    )
    def put(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """Set the tags of a product, by their names."""
        product = get_product(
            organization=request.organization, scope=request.product_scope, product_id=product_id
        )
        if not request.product_scope.may_manage(product.pk, product.family):
            raise ProductReadOnly
        given = TagsOfProductInput(data=request.data)
        given.is_valid(raise_exception=True)
        set_tags(product=product, names=given.validated_data["tags"], actor=request.actor, at=request.at)
        return success(TagOutput(tags_of(product), many=True).data)


class TaggingInput(serializers.Serializer[Any]):
    """Tags by their names, to put on products and to take off: `add` wins over `remove`."""

    product_ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MAX_ID), min_length=1, max_length=MOST_SELECTED
    )
    add = _names(default=list, help_text="Those that are not known yet are made.")
    remove = _names(default=list, help_text="Those that no tag has are left out.")


class TaggingOutput(serializers.Serializer[Any]):
    """On how many of the products something changed."""

    changed = serializers.IntegerField()


class Tagging(OrganizationAPIView):
    """The tags of many products."""

    permissions = {"POST": Permission.PRODUCTS_MANAGE}
    scopes = {"POST": Scope.PRODUCTS_WRITE}

    @extend_schema(request=TaggingInput, responses=TaggingOutput, operation_id="products_tag")
    def post(self, request: OrganizationAPIRequest) -> Response:
        """Put tags on many products and take others off, as the bar above the list does; all or none."""
        given = TaggingInput(data=request.data)
        given.is_valid(raise_exception=True)
        names = given.validated_data
        own = request.organization.pk
        by: dict[str, Any] = {"organization_id": own, "actor": request.actor, "at": request.at}
        products = get_managed(
            organization=request.organization,
            scope=request.product_scope,
            product_ids=names["product_ids"],
        )
        with transaction.atomic():
            add = {tag.pk: tag for tag in (find_or_create_tag(name=name, **by) for name in names["add"])}
            changed = tag_products(
                products=products,
                add=list(add.values()),
                remove=find_tags_named(organization_id=own, names=names["remove"]),
                **by,
            )
        return success(TaggingOutput({"changed": changed}).data)


def _tag(request: OrganizationAPIRequest, tag_id: int) -> Tag:
    return get_tag(organization=request.organization, scope=request.product_scope, tag_id=tag_id)
