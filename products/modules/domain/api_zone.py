"""REST operations on the zone of a domain: its records, the whole of it, its versions (API-1)."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from manager.kit.api import success
from manager.kit.fields import refuse_control_characters
from manager.kit.listing import Listing, answer_list
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission
from products.modules.domain.models import ZoneChange
from products.modules.domain.records import (
    LONGEST_TTL,
    MAX_NUMBER,
    MAX_VALUE,
    SHORTEST_TTL,
    TYPES,
    USUAL_TTL,
    Record,
    make_record,
)
from products.modules.domain.rules import ZoneInvalid
from products.modules.domain.selectors import find_records, find_versions, get_record, get_version, zone_text
from products.modules.domain.services import (
    add_record,
    delete_records,
    edit_record,
    import_zone,
    restore_version,
)
from products.modules.domain.visits import visit_domain
from products.modules.domain.zonefile import MAX_FILE, compare, read_zone

PRODUCT = OpenApiParameter("product_id", int, OpenApiParameter.PATH)
RECORD = OpenApiParameter("record_id", int, OpenApiParameter.PATH)
NUMBER = OpenApiParameter("number", int, OpenApiParameter.PATH)
VERSION = OpenApiParameter("version", int, OpenApiParameter.QUERY)
MOST_VERSIONS = 2_147_483_647
READ, WRITE = "products:read", "products:write"


class RecordOutput(serializers.Serializer[Any]):
    """A record. `name` is relative to the domain, @ for the domain itself; `rdata` as in a zone file."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    type = serializers.CharField()
    ttl = serializers.IntegerField()
    priority = serializers.IntegerField(allow_null=True)
    value = serializers.CharField()
    rdata = serializers.CharField(source="data")


class VersionInput(serializers.Serializer[Any]):
    """At which version of the zone this was decided: it is refused when the zone has changed since."""

    version = serializers.IntegerField(required=False, min_value=0, max_value=MOST_VERSIONS)


class RecordInput(VersionInput):
    """A record as it is typed; `priority` for MX and SRV."""

    type = serializers.ChoiceField(choices=TYPES)
    name = serializers.CharField(max_length=300, allow_blank=True, validators=[refuse_control_characters])
    value = serializers.CharField(max_length=MAX_VALUE, validators=[refuse_control_characters])
    priority = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=MAX_NUMBER)
    ttl = serializers.IntegerField(default=USUAL_TTL, min_value=SHORTEST_TTL, max_value=LONGEST_TTL)


class RecordFilters(serializers.Serializer[Any]):
    """What the list can be filtered by."""

    type = serializers.ChoiceField(choices=TYPES, required=False, default="")


class ZoneOutput(serializers.Serializer[Any]):
    """The zone as a file."""

    version = serializers.IntegerField()
    serial = serializers.IntegerField()
    text = serializers.CharField()


class ZoneInput(VersionInput):
    """A zone file whose records take the place of all present ones; with `dry_run` nothing is changed."""

    text = serializers.CharField(max_length=MAX_FILE)
    dry_run = serializers.BooleanField(default=False)


class DifferenceOutput(serializers.Serializer[Any]):
    """What a zone file changes, and which of its lines are left out."""

    version = serializers.IntegerField()
    added = RecordOutput(many=True)
    removed = RecordOutput(many=True)
    left_out = serializers.ListField(child=serializers.CharField())


class VersionOutput(serializers.Serializer[Any]):
    """A version of the zone."""

    number = serializers.IntegerField()
    serial = serializers.IntegerField()
    change = serializers.ChoiceField(choices=ZoneChange.choices)
    added = serializers.IntegerField()
    removed = serializers.IntegerField()
    made_at = serializers.DateTimeField()
    made_by = serializers.CharField()


class VersionDetailOutput(VersionOutput):
    """A version of the zone with its records."""

    records = RecordOutput(many=True, source="zone")


def _given(serializer: type[serializers.Serializer[Any]], data: Any) -> dict[str, Any]:
    read = serializer(data=data)
    read.is_valid(raise_exception=True)
    return dict(read.validated_data)


def _record(given: dict[str, Any], origin: str, number: int = 0) -> Record:
    fields = {name: given.get(name) for name in ("name", "ttl", "value", "priority")}
    return make_record(origin=origin, kind=given["type"], number=number, **fields)  # type: ignore[arg-type]


class DomainRecords(OrganizationAPIView):
    """The records of a zone."""

    permissions = {"GET": Permission.PRODUCTS_VIEW, "POST": Permission.PRODUCTS_MANAGE}
    scopes = {"GET": READ, "POST": WRITE}
    listing = Listing(orders={}, filters=RecordFilters, searched=True)

    @extend_schema(
        parameters=[PRODUCT],
        responses=RecordOutput(many=True),
        operation_id="domain_records_list",
    )
    def get(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """List the records of the zone, in the order of a zone file."""
        domain = visit_domain(request, product_id).domain
        asked = self.listing.read(request.query_params)
        found = find_records(domain=domain, search=asked.criteria["search"], kind=asked.criteria["type"])
        return answer_list(asked, found, RecordOutput)

    @extend_schema(parameters=[PRODUCT], request=RecordInput, responses={201: RecordOutput})
    def post(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """Add a record; those of the same name and type get its TTL."""
        domain = visit_domain(request, product_id).domain
        given = _given(RecordInput, request.data)
        _domain, added = add_record(
            domain=domain,
            record=_record(given, domain.name),
            version=given.get("version"),
            actor=request.actor,
            at=request.at,
        )
        return success(RecordOutput(added).data, code=status.HTTP_201_CREATED)


class DomainRecord(OrganizationAPIView):
    """One record of a zone."""

    permissions = {
        "GET": Permission.PRODUCTS_VIEW,
        "PUT": Permission.PRODUCTS_MANAGE,
        "DELETE": Permission.PRODUCTS_MANAGE,
    }
    scopes = {"GET": READ, "PUT": WRITE, "DELETE": WRITE}

    @extend_schema(parameters=[PRODUCT, RECORD], responses=RecordOutput)
    def get(self, request: OrganizationAPIRequest, product_id: int, record_id: int) -> Response:
        """Return one record."""
        domain = visit_domain(request, product_id).domain
        return success(RecordOutput(get_record(domain=domain, record_id=record_id)).data)

    @extend_schema(parameters=[PRODUCT, RECORD], request=RecordInput, responses=RecordOutput)
    def put(self, request: OrganizationAPIRequest, product_id: int, record_id: int) -> Response:
        """Put another record in its place."""
        domain = visit_domain(request, product_id).domain
        get_record(domain=domain, record_id=record_id)
        given = _given(RecordInput, request.data)
        domain = edit_record(
            domain=domain,
            record=_record(given, domain.name, record_id),
            version=given.get("version"),
            actor=request.actor,
            at=request.at,
        )
        return success(RecordOutput(get_record(domain=domain, record_id=record_id)).data)

    @extend_schema(parameters=[PRODUCT, RECORD, VersionInput], responses={200: None})
    def delete(self, request: OrganizationAPIRequest, product_id: int, record_id: int) -> Response:
        """Delete the record."""
        domain = visit_domain(request, product_id).domain
        version = _given(VersionInput, request.query_params).get("version")
        delete_records(
            domain=domain, record_ids=[record_id], version=version, actor=request.actor, at=request.at
        )
        return success(None)


class DomainZone(OrganizationAPIView):
    """The zone as a file."""

    permissions = {"GET": Permission.PRODUCTS_VIEW, "PUT": Permission.PRODUCTS_MANAGE}
    scopes = {"GET": READ, "PUT": WRITE}

    @extend_schema(parameters=[PRODUCT], responses=ZoneOutput)
    def get(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """Return the zone in the form of BIND."""
        domain = visit_domain(request, product_id).domain
        zone = {"version": domain.version, "serial": domain.serial, "text": zone_text(domain)}
        return success(ZoneOutput(zone).data)

    @extend_schema(parameters=[PRODUCT], request=ZoneInput, responses=DifferenceOutput)
    def put(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """Take a zone file over, or say what it would change."""
        domain = visit_domain(request, product_id).domain
        given = _given(ZoneInput, request.data)
        reading = read_zone(given["text"], origin=domain.name)
        for problem in reading.problems:
            raise ZoneInvalid(problem, field="text")
        difference = compare(domain.zone(), reading.records)
        if not given["dry_run"]:
            domain = import_zone(
                domain=domain,
                records=reading.records,
                version=given.get("version"),
                actor=request.actor,
                at=request.at,
            )
        told = {
            "version": domain.version,
            "added": difference.added,
            "removed": difference.removed,
            "left_out": [str(line) for line in reading.left_out],
        }
        return success(DifferenceOutput(told).data)


class DomainVersions(OrganizationAPIView):
    """The versions of a zone."""

    permissions = {"GET": Permission.PRODUCTS_VIEW}
    scopes = {"GET": READ}
    listing = Listing(descending=True)

    @extend_schema(
        parameters=[PRODUCT],
        responses=VersionOutput(many=True),
        operation_id="domain_versions_list",
    )
    def get(self, request: OrganizationAPIRequest, product_id: int) -> Response:
        """List the versions that are kept, newest first."""
        domain = visit_domain(request, product_id).domain
        asked = self.listing.read(request.query_params)
        return answer_list(asked, find_versions(domain=domain), VersionOutput)


class DomainVersion(OrganizationAPIView):
    """One version of a zone."""

    permissions = {"GET": Permission.PRODUCTS_VIEW, "POST": Permission.PRODUCTS_MANAGE}
    scopes = {"GET": READ, "POST": WRITE}

    @extend_schema(parameters=[PRODUCT, NUMBER], responses=VersionDetailOutput)
    def get(self, request: OrganizationAPIRequest, product_id: int, number: int) -> Response:
        """Return a version with its records."""
        domain = visit_domain(request, product_id).domain
        return success(VersionDetailOutput(get_version(domain=domain, number=number)).data)

    @extend_schema(parameters=[PRODUCT, NUMBER], request=VersionInput, responses=ZoneOutput)
    def post(self, request: OrganizationAPIRequest, product_id: int, number: int) -> Response:
        """Bring its records back as a new version."""
        domain = visit_domain(request, product_id).domain
        given = _given(VersionInput, request.data)
        domain = restore_version(
            domain=domain, number=number, version=given.get("version"), actor=request.actor, at=request.at
        )
        zone = {"version": domain.version, "serial": domain.serial, "text": zone_text(domain)}
        return success(ZoneOutput(zone).data)
