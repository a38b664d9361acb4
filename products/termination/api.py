"""REST operations on terminations (PRD-9, API-1)."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from manager.kit.api import success
from manager.kit.fields import refuse_control_characters
from manager.kit.ids import MAX_ID
from manager.kit.listing import Listing, answer_list
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission
from products.inventory.api import ProductOutput
from products.inventory.selectors import get_product
from products.inventory.services import restore_product
from products.termination.forms import MAX_COMMENT
from products.termination.selectors import (
    MOST,
    find_terminations,
    get_termination,
    list_chosen,
    list_endings,
)
from products.termination.services import ask_termination, confirm_termination, withdraw_termination
from products.termination.status import Reason, TerminationStatus

LEAD = Permission.ORGANIZATION_MANAGE
OF_WISH = OpenApiParameter("termination_id", int, OpenApiParameter.PATH)
OF_PRODUCT = OpenApiParameter("product_id", int, OpenApiParameter.PATH)


class TerminatedOutput(serializers.Serializer[Any]):
    """A product in a wish; `ended` once it ended by it."""

    product_id = serializers.IntegerField()
    name = serializers.CharField(source="product_name")
    ended = serializers.BooleanField()


class TerminationOutput(serializers.Serializer[Any]):
    """A wish to terminate products. Nothing ends before the mailed link is used."""

    id = serializers.IntegerField()
    status = serializers.ChoiceField(choices=TerminationStatus.choices)
    reason = serializers.ChoiceField(choices=Reason.choices)
    comment = serializers.CharField()
    products = TerminatedOutput(many=True, source="products.all")
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)


class LuggageOutput(serializers.Serializer[Any]):
    """What ends with a product, and for how many days it could be restored."""

    product_id = serializers.IntegerField(source="product.pk")
    cooling_off_days = serializers.IntegerField(source="days_of_cooling_off")
    takes_along = ProductOutput(many=True)


class TerminationFilters(serializers.Serializer[Any]):
    """What the list can be filtered by."""

    status = serializers.ChoiceField(choices=TerminationStatus.choices, required=False, default="")


class TerminationInput(serializers.Serializer[Any]):
    """Which products shall end. What a product takes along ends only if it is named, too."""

    product_ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=MAX_ID), min_length=1, max_length=MOST
    )
    reason = serializers.ChoiceField(choices=Reason.choices)
    comment = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=MAX_COMMENT,
        validators=[refuse_control_characters],
    )


class ConfirmationInput(serializers.Serializer[Any]):
    """The key of the mailed link: its last part."""

    key = serializers.CharField(max_length=200, validators=[refuse_control_characters])


class TerminationList(OrganizationAPIView):
    """The wishes of an organization."""

    permissions = {"GET": LEAD, "POST": LEAD}
    scopes = {"GET": "products:read", "POST": "products:write"}
    listing = Listing(descending=True, filters=TerminationFilters, searched=True)

    @extend_schema(responses=TerminationOutput(many=True), operation_id="terminations_list")
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List the wishes of the organization, newest first."""
        asked = self.listing.read(request.query_params)
        rows = find_terminations(organization=request.organization, **asked.criteria)
        return answer_list(asked, rows, TerminationOutput)

    @extend_schema(
        request=TerminationInput, responses={201: TerminationOutput}, operation_id="terminations_ask"
    )
    def post(self, request: OrganizationAPIRequest) -> Response:
        """Ask for products to be terminated; the person is mailed the link that confirms it."""
        given = TerminationInput(data=request.data)
        given.is_valid(raise_exception=True)
        wish = ask_termination(
            organization=request.organization,
            user_id=request.user.pk,
            actor=request.actor,
            at=request.at,
            **given.validated_data,
        )
        return success(TerminationOutput(wish).data, code=status.HTTP_201_CREATED)


class TerminationDetail(OrganizationAPIView):
    """One wish."""

    permissions = {"GET": LEAD, "DELETE": LEAD}
    scopes = {"GET": "products:read", "DELETE": "products:write"}

    @extend_schema(parameters=[OF_WISH], responses=TerminationOutput, operation_id="terminations_get")
    def get(self, request: OrganizationAPIRequest, termination_id: int) -> Response:
        """Return one wish."""
        wish = get_termination(organization=request.organization, termination_id=termination_id)
        return success(TerminationOutput(wish).data)

    @extend_schema(parameters=[OF_WISH], responses=TerminationOutput, operation_id="terminations_withdraw")
    def delete(self, request: OrganizationAPIRequest, termination_id: int) -> Response:
        """Withdraw a wish that waits for its confirmation."""
        wish = get_termination(organization=request.organization, termination_id=termination_id)
        return success(
            TerminationOutput(withdraw_termination(termination=wish, actor=request.actor, at=request.at)).data
        )


class TerminationConfirmation(OrganizationAPIView):
    """The confirmation of a wish."""

    permissions = {"POST": LEAD}
    scopes = {"POST": "products:write"}

    @extend_schema(
        parameters=[OF_WISH],
        request=ConfirmationInput,
        responses=TerminationOutput,
        operation_id="terminations_confirm",
    )
    def post(self, request: OrganizationAPIRequest, termination_id: int) -> Response:
        """End the products of the wish, with the key of the mailed link."""
        given = ConfirmationInput(data=request.data)
        given.is_valid(raise_exception=True)
        wish = get_termination(organization=request.organization, termination_id=termination_id)
        confirm_termination(
            termination=wish, key=given.validated_data["key"], actor=request.actor, at=request.at
        )
        done = get_termination(organization=request.organization, termination_id=termination_id)
        return success(TerminationOutput(done).data)


class ProductLuggage(OrganizationAPIView):
    """What the end of a product takes along."""

    permissions = {"GET": LEAD}
    scopes = {"GET": "products:read"}

    @extend_schema(parameters=[OF_PRODUCT], responses=LuggageOutput, operation_id="products_takes_along")
    def get(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """Return the products that are reached by this one's name: a domain's mail and site."""
        chosen = list_chosen(organization=request.organization, ids=[product_id])
        [ending] = list_endings(organization=request.organization, products=chosen)
        return success(LuggageOutput(ending).data)


class ProductRestore(OrganizationAPIView):
    """The restoring of a terminated product."""

    permissions = {"POST": LEAD}
    scopes = {"POST": "products:write"}

    @extend_schema(
        parameters=[OF_PRODUCT], request=None, responses=ProductOutput, operation_id="products_restore"
    )
    def post(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """Restore a product that was terminated, within its days of cooling off."""
        product = get_product(
            organization=request.organization, scope=request.product_scope, product_id=product_id
        )
        return success(
            ProductOutput(restore_product(product=product, actor=request.actor, at=request.at)).data
        )
