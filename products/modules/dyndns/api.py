"""REST operations on DynDNS names (API-1, PRD-12). A key is told once, in the answer that makes it."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from manager.kit.api import success
from manager.kit.fields import refuse_control_characters
from manager.kit.listing import Listing, answer_list
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission
from products.modules.domain.models import Domain
from products.modules.domain.visits import visit_domain
from products.modules.dyndns.forms import LONGEST_NAME
from products.modules.dyndns.models import DynamicHost
from products.modules.dyndns.selectors import find_hosts, get_host, show_host
from products.modules.dyndns.services import add_host, remove_host, renew_key

PRODUCT = OpenApiParameter("product_id", int, OpenApiParameter.PATH)
HOST = OpenApiParameter("host_id", int, OpenApiParameter.PATH)
SEE, MANAGE = Permission.PRODUCTS_VIEW, Permission.PRODUCTS_MANAGE
READ, WRITE = "products:read", "products:write"


class DynamicHostOutput(serializers.Serializer[Any]):
    """A DynDNS name. `addresses` are what the zone says now; `user` is what the device gives with its key."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    host = serializers.SerializerMethodField()
    user = serializers.CharField(source="user_name")
    addresses = serializers.SerializerMethodField()
    told_at = serializers.DateTimeField(allow_null=True)
    told_by = serializers.CharField()
    created_at = serializers.DateTimeField()

    def get_host(self, row: DynamicHost) -> str:
        """Return the whole name."""
        return row.readable_name(self.context["domain"].name)

    def get_addresses(self, row: DynamicHost) -> list[str]:
        """Return what the zone has for the name."""
        return list(show_host(row, self.context["domain"]).addresses)


class DynamicHostInput(serializers.Serializer[Any]):
    """A name below the domain; empty or `@` for the domain itself."""

    name = serializers.CharField(
        max_length=LONGEST_NAME, allow_blank=True, validators=[refuse_control_characters]
    )


class DynamicHostWithKey(DynamicHostOutput):
    """A DynDNS name with its `key`, told this once."""

    key = serializers.CharField()


class DynamicHosts(OrganizationAPIView):
    """The DynDNS names of a domain."""

    permissions = {"GET": SEE, "POST": MANAGE}
    scopes = {"GET": READ, "POST": WRITE}
    listing = Listing(descending=True)

    @extend_schema(
        parameters=[PRODUCT],
        responses=DynamicHostOutput(many=True),
        operation_id="dynamic_hosts_list",
    )
    def get(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """List the names that devices keep up to date, newest first."""
        domain = visit_domain(request, product_id).domain
        asked = self.listing.read(request.query_params)
        return answer_list(asked, find_hosts(domain=domain), lambda rows: _write(rows, domain))

    @extend_schema(parameters=[PRODUCT], request=DynamicHostInput, responses={201: DynamicHostWithKey})
    def post(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """Let devices keep a name up to date; the answer tells its key this once."""
        domain = visit_domain(request, product_id).domain
        given = DynamicHostInput(data=request.data)
        given.is_valid(raise_exception=True)
        name = given.validated_data["name"]
        host, key = add_host(domain=domain, name=name, actor=request.actor, at=request.at)
        return success(_with_key(host, domain, key), code=status.HTTP_201_CREATED)


class DynamicHostDetail(OrganizationAPIView):
    """One DynDNS name."""

    permissions = {"GET": SEE, "DELETE": MANAGE}
    scopes = {"GET": READ, "DELETE": WRITE}

    @extend_schema(parameters=[PRODUCT, HOST], responses=DynamicHostOutput)
    def get(self, request: OrganizationAPIRequest, product_id: int, host_id: int) -> Response:
        """Return one name."""
        domain = visit_domain(request, product_id).domain
        host = get_host(domain=domain, host_id=host_id)
        return success(DynamicHostOutput(host, context={"domain": domain}).data)

    @extend_schema(parameters=[PRODUCT, HOST], responses={200: None})
    def delete(self, request: OrganizationAPIRequest, product_id: int, host_id: int) -> Response:
        """Take the name away from its devices; the records in the zone stay."""
        domain = visit_domain(request, product_id).domain
        remove_host(domain=domain, host_id=host_id, actor=request.actor, at=request.at)
        return success(None)


class DynamicHostKey(OrganizationAPIView):
    """The key of a DynDNS name."""

    permissions = {"POST": MANAGE}
    scopes = {"POST": WRITE}

    @extend_schema(parameters=[PRODUCT, HOST], request=None, responses=DynamicHostWithKey)
    def post(self, request: OrganizationAPIRequest, product_id: int, host_id: int) -> Response:
        """Make another key, told this once; the former one is worth nothing then."""
        domain = visit_domain(request, product_id).domain
        host, key = renew_key(domain=domain, host_id=host_id, actor=request.actor, at=request.at)
        return success(_with_key(host, domain, key))


def _write(rows: list[DynamicHost], domain: Domain) -> Any:
    return DynamicHostOutput(rows, many=True, context={"domain": domain}).data


def _with_key(host: DynamicHost, domain: Domain, key: str) -> dict[str, Any]:
    return {**DynamicHostOutput(host, context={"domain": domain}).data, "key": key}
