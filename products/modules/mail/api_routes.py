"""REST operations on aliases and redirections (API-1, MAIL-1)."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from manager.kit.api import success
from manager.kit.ids import MAX_ID
from manager.kit.listing import Listing, answer_list
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from products.modules.mail.api import MANAGE, PRODUCT, READ, SEE, WRITE, mail_product
from products.modules.mail.selectors import BY_ADDRESS, find_routes, get_mailbox, get_route
from products.modules.mail.services import (
    change_alias,
    change_redirection,
    create_alias,
    create_redirection,
    delete_route,
)
from products.modules.mail.services.routes import MOST_TARGETS
from products.modules.mail.status import EntryStatus, RouteKind

ROUTE = OpenApiParameter("route_id", int, OpenApiParameter.PATH)


class MailRouteOutput(serializers.Serializer[Any]):
    """An alias, which leads into `mailbox`, or a redirection to `targets`."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=RouteKind.choices)
    address = serializers.EmailField()
    status = serializers.ChoiceField(choices=EntryStatus.choices)
    mailbox = serializers.IntegerField(source="mailbox_id", allow_null=True)
    targets = serializers.ListField(child=serializers.EmailField())
    keeps_copy = serializers.BooleanField()


class MailRouteFilters(serializers.Serializer[Any]):
    """What the list can be filtered by."""

    kind = serializers.ChoiceField(choices=RouteKind.choices, required=False, default="")


class MailRouteInput(serializers.Serializer[Any]):
    """A new address: with `mailbox` an alias of it, with `targets` a redirection to them."""

    name = serializers.CharField(max_length=64)
    mailbox = serializers.IntegerField(min_value=1, max_value=MAX_ID, required=False)
    targets = serializers.ListField(
        child=serializers.CharField(max_length=254), min_length=1, max_length=MOST_TARGETS, required=False
    )
    keeps_copy = serializers.BooleanField(default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for one of the two."""
        if ("mailbox" in attrs) == ("targets" in attrs):
            raise serializers.ValidationError({"targets": "either these or a mailbox"})
        if "mailbox" in attrs and attrs["keeps_copy"]:
            raise serializers.ValidationError({"keeps_copy": "of redirections only"})
        return attrs


class MailRouteChange(serializers.Serializer[Any]):
    """Where it leads from now on: `mailbox` of an alias; `targets` and `keeps_copy` of a redirection."""

    mailbox = serializers.IntegerField(min_value=1, max_value=MAX_ID, required=False)
    targets = serializers.ListField(
        child=serializers.CharField(max_length=254), min_length=1, max_length=MOST_TARGETS, required=False
    )
    keeps_copy = serializers.BooleanField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for one kind of change."""
        if not attrs or ("mailbox" in attrs and len(attrs) > 1):
            raise serializers.ValidationError({"targets": "either these or a mailbox"})
        return attrs


class MailRoutes(OrganizationAPIView):
    """The aliases and redirections of a product."""

    permissions = {"GET": SEE, "POST": MANAGE}
    scopes = {"GET": READ, "POST": WRITE}
    listing = Listing(orders={"address": BY_ADDRESS}, filters=MailRouteFilters, searched=True)

    @extend_schema(
        parameters=[PRODUCT], responses=MailRouteOutput(many=True), operation_id="mail_routes_list"
    )
    def get(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """List aliases and redirections by address."""
        product = mail_product(request, product_id)
        asked = self.listing.read(request.query_params)
        rows = find_routes(product=product, **asked.criteria)
        return answer_list(asked, rows, MailRouteOutput)

    @extend_schema(parameters=[PRODUCT], request=MailRouteInput, responses={201: MailRouteOutput})
    def post(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """Make an alias or a redirection; the servers follow."""
        product = mail_product(request, product_id, to_manage=True)
        given = MailRouteInput(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = given.validated_data
        by = {"product": product, "name": wanted["name"], "actor": request.actor, "at": request.at}
        if "mailbox" in wanted:
            made = create_alias(mailbox=get_mailbox(product=product, mailbox_id=wanted["mailbox"]), **by)
        else:
            made = create_redirection(targets=wanted["targets"], keeps_copy=wanted["keeps_copy"], **by)
        return success(MailRouteOutput(made).data, code=status.HTTP_201_CREATED)


class OneMailRoute(OrganizationAPIView):
    """One alias or redirection."""

    permissions = {"GET": SEE, "PATCH": MANAGE, "DELETE": MANAGE}
    scopes = {"GET": READ, "PATCH": WRITE, "DELETE": WRITE}

    @extend_schema(parameters=[PRODUCT, ROUTE], responses=MailRouteOutput)
    def get(self, request: OrganizationAPIRequest, product_id: int, route_id: int) -> Response:
        """Return it."""
        route = get_route(product=mail_product(request, product_id), route_id=route_id)
        return success(MailRouteOutput(route).data)

    @extend_schema(parameters=[PRODUCT, ROUTE], request=MailRouteChange, responses=MailRouteOutput)
    def patch(self, request: OrganizationAPIRequest, product_id: int, route_id: int) -> Response:
        """Let it lead somewhere else; the servers follow."""
        product = mail_product(request, product_id, to_manage=True)
        route = get_route(product=product, route_id=route_id)
        given = MailRouteChange(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = given.validated_data
        by: dict[str, Any] = {"product": product, "route": route, "actor": request.actor, "at": request.at}
        if "mailbox" in wanted:
            mailbox = get_mailbox(product=product, mailbox_id=wanted["mailbox"])
            changed = change_alias(mailbox=mailbox, **by)
        else:
            kept = {"targets": route.targets, "keeps_copy": route.keeps_copy, **wanted}
            changed = change_redirection(**kept, **by)
        return success(MailRouteOutput(changed).data)

    @extend_schema(parameters=[PRODUCT, ROUTE], responses=MailRouteOutput)
    def delete(self, request: OrganizationAPIRequest, product_id: int, route_id: int) -> Response:
        """Delete it."""
        product = mail_product(request, product_id, to_manage=True)
        route = get_route(product=product, route_id=route_id)
        deleted = delete_route(route=route, actor=request.actor, at=request.at)
        return success(MailRouteOutput(deleted).data)
