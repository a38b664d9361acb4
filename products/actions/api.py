"""REST operations on actions: what a product can be asked for, ask, take back (API-1, PRD-13)."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from manager.kit.api import success
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission
from organizations.progress.api import StartedOutput, started
from products.inventory.errors import ProductReadOnly
from products.inventory.models import Product
from products.inventory.selectors import get_product
from products.provisioning.actions import list_offered
from products.provisioning.models import ServiceAction
from products.provisioning.selectors import find_service, get_action, list_recent_actions
from products.provisioning.services import ask_action, cancel_action
from products.provisioning.states import TASK, ActionStatus

PRODUCT = OpenApiParameter("product_id", int, OpenApiParameter.PATH)
ACTION = OpenApiParameter("action_id", int, OpenApiParameter.PATH)


class OfferedActionOutput(serializers.Serializer[Any]):
    """Something that the product can be asked for; it stays pending for `delay_seconds`."""

    slug = serializers.CharField()
    name = serializers.CharField(source="label")
    description = serializers.CharField(source="confirm")
    is_dangerous = serializers.BooleanField()
    delay_seconds = serializers.SerializerMethodField()

    def get_delay_seconds(self, action: Any) -> int:
        """Return how long it can be cancelled."""
        return int(action.delay.total_seconds())


class AskedActionOutput(serializers.Serializer[Any]):
    """Something that was asked of the product. It is performed from `due_at` on."""

    id = serializers.IntegerField()
    action = serializers.CharField(source="slug")
    status = serializers.ChoiceField(choices=ActionStatus.choices)
    asked_at = serializers.DateTimeField()
    asked_by = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    may_be_cancelled = serializers.BooleanField()


class ActionsOutput(serializers.Serializer[Any]):
    """What can be asked, and what was asked lately, newest first."""

    offered = OfferedActionOutput(many=True)
    asked = AskedActionOutput(many=True)


class AskInput(serializers.Serializer[Any]):
    """What is asked, with its parameters where it has some."""

    action = serializers.SlugField(max_length=50)
    parameters = serializers.DictField(child=serializers.CharField(max_length=2000), required=False)


def _product(request: OrganizationAPIRequest, product_id: int, *, to_manage: bool = False) -> Product:
    product = get_product(
        organization=request.organization, scope=request.product_scope, product_id=product_id
    )
    if to_manage and not request.product_scope.may_manage(product.pk, product.family):
        raise ProductReadOnly
    return product


class ProductActions(OrganizationAPIView):
    """What a product can be asked for, and what was asked."""

    permissions = {"GET": Permission.PRODUCTS_VIEW, "POST": Permission.PRODUCTS_MANAGE}
    scopes = {"GET": "products:read", "POST": "products:write"}

    @extend_schema(parameters=[PRODUCT], responses=ActionsOutput, operation_id="product_actions_list")
    def get(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """Return what the product can be asked for, and what was asked lately."""
        product = _product(request, product_id)
        ids = {"organization_id": product.organization_id, "product_id": product.pk}
        service = find_service(**ids)
        offered = list_offered(kind=product.plan.kind, service=service) if service else []
        return success(ActionsOutput({"offered": offered, "asked": list_recent_actions(**ids)}).data)

    @extend_schema(parameters=[PRODUCT], request=AskInput, responses={202: StartedOutput})
    def post(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """Ask the product for an action; some stay pending for a while and can be cancelled at `address`."""
        product = _product(request, product_id, to_manage=True)
        given = AskInput(data=request.data)
        given.is_valid(raise_exception=True)
        asked: ServiceAction = ask_action(
            organization_id=product.organization_id,
            product_id=product.pk,
            slug=given.validated_data["action"],
            parameters=given.validated_data.get("parameters", {}),
            actor=request.actor,
            at=request.at,
        )
        return started(request, TASK, asked.pk)


class ProductAction(OrganizationAPIView):
    """One thing that was asked of a product."""

    permissions = {"GET": Permission.PRODUCTS_VIEW, "DELETE": Permission.PRODUCTS_MANAGE}
    scopes = {"GET": "products:read", "DELETE": "products:write"}

    @extend_schema(parameters=[PRODUCT, ACTION], responses=AskedActionOutput)
    def get(self, request: OrganizationAPIRequest, product_id: int, action_id: int) -> Response:
        """Return how it stands."""
        product = _product(request, product_id)
        asked = get_action(
            organization_id=product.organization_id, product_id=product.pk, action_id=action_id
        )
        return success(AskedActionOutput(asked).data)

    @extend_schema(parameters=[PRODUCT, ACTION], responses=AskedActionOutput)
    def delete(self, request: OrganizationAPIRequest, product_id: int, action_id: int) -> Response:
        """Cancel it while it is pending."""
        product = _product(request, product_id, to_manage=True)
        asked = get_action(
            organization_id=product.organization_id, product_id=product.pk, action_id=action_id
        )
        return success(
            AskedActionOutput(cancel_action(action=asked, actor=request.actor, at=request.at)).data
        )
