"""REST operations on what a member keeps for lists of products: filters, columns, calendar (API-1)."""

from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.tokens.scopes import Scope
from manager.kit.api import success
from manager.kit.fields import refuse_control_characters
from manager.kit.ids import MAX_ID
from manager.kit.listing import Listing, answer_list
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission
from products.catalog.selectors import FamilyNotFound, get_family
from products.inventory.forms import ACTIONS, RENEWALS, SORTS, WINDOWS
from products.inventory.status import ProductStatus
from products.lists.calendars import find_calendar
from products.lists.columns import COLUMNS
from products.lists.forms import query_of
from products.lists.models import SavedFilter
from products.lists.selectors import get_filter, list_filters, read_settings
from products.lists.services import (
    choose_columns,
    choose_default,
    delete_filter,
    end_calendar,
    make_calendar,
    rename_filter,
    save_filter,
)

OWN = Permission.MEMBERSHIP_OWN
READ, WRITE = Scope.PRODUCTS_READ, Scope.PRODUCTS_WRITE


class KeptFilterWords(serializers.Serializer[Any]):
    """What a kept filter asks of the list; `expires` in days, `sort` a column, with `-` the other way."""

    search = serializers.CharField(
        source="q", max_length=100, required=False, validators=[refuse_control_characters]
    )
    kind = serializers.SlugField(max_length=50, required=False)
    status = serializers.ChoiceField(choices=ProductStatus.choices, required=False)
    expires = serializers.ChoiceField(choices=[row for row in WINDOWS if row[0]], required=False)
    renewal = serializers.ChoiceField(choices=[row for row in RENEWALS if row[0]], required=False)
    actions = serializers.ChoiceField(choices=[row for row in ACTIONS if row[0]], required=False)
    tag = serializers.IntegerField(min_value=1, max_value=MAX_ID, required=False)
    sort = serializers.ChoiceField(choices=SORTS, required=False)

    def to_internal_value(self, data: Any) -> Any:
        """Return what was read; a word that no list knows is refused, as it would keep a wider filter."""
        unknown = set(data) - set(self.fields) if isinstance(data, dict) else set()
        if unknown:
            told = _("This list does not know this parameter.")
            raise serializers.ValidationError({str(name)[:100]: [told] for name in unknown})
        return super().to_internal_value(data)


class KeptFilterOutput(serializers.Serializer[SavedFilter]):
    """A filter that the member keeps for the list of a family, or of all products where that is empty."""

    id = serializers.IntegerField()
    family = serializers.CharField()
    name = serializers.CharField()
    is_default = serializers.BooleanField()
    filter = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()

    @extend_schema_field(KeptFilterWords)
    def get_filter(self, kept: SavedFilter) -> dict[str, Any]:
        """Return what the filter asks of the list."""
        values: dict[str, Any] = dict(parse_qsl(kept.query))
        if "tag" in values:
            values["tag"] = int(values["tag"])
        return {"search" if name == "q" else name: value for name, value in values.items()}


class KeptFilterName(serializers.Serializer[Any]):
    """Another name for a kept filter."""

    name = serializers.CharField(max_length=60, validators=[refuse_control_characters])


class KeptFilterInput(KeptFilterName):
    """A filter to keep."""

    family = serializers.SlugField(required=False, allow_blank=True, default="")
    filter = KeptFilterWords(required=False, default=dict)
    is_default = serializers.BooleanField(required=False, default=False)

    def validate_family(self, value: str) -> str:
        """Return the family; one that does not exist is refused beside the field."""
        try:
            return get_family(slug=value).slug if value else ""
        except FamilyNotFound as error:
            raise serializers.ValidationError(error.message) from error


class KeptFilterList(OrganizationAPIView):
    """The filters that the token's person keeps."""

    permissions = {"GET": OWN, "POST": OWN}
    scopes = {"GET": READ, "POST": WRITE}
    listing = Listing(orders={})

    @extend_schema(responses=KeptFilterOutput(many=True))
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List the filters that you keep, by list and name; at most 50."""
        asked = self.listing.read(request.query_params)
        return answer_list(asked, list_filters(membership=request.membership), KeptFilterOutput)

    @extend_schema(request=KeptFilterInput, responses={201: KeptFilterOutput})
    def post(self, request: OrganizationAPIRequest) -> Response:
        """Keep a filter of a list under a name."""
        given = KeptFilterInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        kept = save_filter(
            membership=request.membership,
            family=values["family"],
            name=values["name"],
            query=query_of(values["filter"]),
            is_default=values["is_default"],
            at=request.at,
        )
        return success(KeptFilterOutput(kept).data, code=status.HTTP_201_CREATED)


class KeptFilterDetail(OrganizationAPIView):
    """One kept filter."""

    permissions = {"GET": OWN, "PATCH": OWN, "DELETE": OWN}
    scopes = {"GET": READ, "PATCH": WRITE, "DELETE": WRITE}

    @extend_schema(responses=KeptFilterOutput)
    def get(self, request: OrganizationAPIRequest, filter_id: int) -> Response:
        """Return one of your kept filters."""
        return success(KeptFilterOutput(_kept(request, filter_id)).data)

    @extend_schema(request=KeptFilterName, responses=KeptFilterOutput)
    def patch(self, request: OrganizationAPIRequest, filter_id: int) -> Response:
        """Give a kept filter another name."""
        kept = _kept(request, filter_id)
        given = KeptFilterName(data=request.data)
        given.is_valid(raise_exception=True)
        kept = rename_filter(membership=request.membership, kept=kept, **given.validated_data)
        return success(KeptFilterOutput(kept).data)

    @extend_schema(responses={200: None})
    def delete(self, request: OrganizationAPIRequest, filter_id: int) -> Response:
        """Forget a kept filter."""
        delete_filter(membership=request.membership, kept=_kept(request, filter_id))
        return success(None)


class KeptFilterDefault(OrganizationAPIView):
    """The filter that a list opens with."""

    permissions = {"POST": OWN, "DELETE": OWN}
    scopes = {"POST": WRITE, "DELETE": WRITE}

    @extend_schema(request=None, responses=KeptFilterOutput)
    def post(self, request: OrganizationAPIRequest, filter_id: int) -> Response:
        """Let the list open with a kept filter."""
        return self._choose(request, filter_id, on=True)

    @extend_schema(responses=KeptFilterOutput)
    def delete(self, request: OrganizationAPIRequest, filter_id: int) -> Response:
        """Let the list open without a filter again."""
        return self._choose(request, filter_id, on=False)

    def _choose(self, request: OrganizationAPIRequest, filter_id: int, *, on: bool) -> Response:
        choose_default(membership=request.membership, kept=_kept(request, filter_id), on=on)
        return success(KeptFilterOutput(_kept(request, filter_id)).data)


class ColumnsValue(serializers.Serializer[Any]):
    """The columns of the lists of products beside the name."""

    columns = serializers.ListField(
        child=serializers.ChoiceField(choices=list(COLUMNS.items())), max_length=len(COLUMNS)
    )


class Columns(OrganizationAPIView):
    """The columns that the token's person sees in lists of products."""

    permissions = {"GET": OWN, "PUT": OWN}
    scopes = {"GET": READ, "PUT": WRITE}

    @extend_schema(responses=ColumnsValue)
    def get(self, request: OrganizationAPIRequest) -> Response:
        """Show your columns of the lists of products."""
        kept = read_settings(
            organization=request.organization, membership=request.membership, scope=request.product_scope
        )
        return success({"columns": kept.columns})

    @extend_schema(request=ColumnsValue, responses=ColumnsValue)
    def put(self, request: OrganizationAPIRequest) -> Response:
        """Choose your columns of the lists of products; they keep their order."""
        given = ColumnsValue(data=request.data)
        given.is_valid(raise_exception=True)
        names = choose_columns(membership=request.membership, names=given.validated_data["columns"])
        return success({"columns": names})


class CalendarOutput(serializers.Serializer[Any]):
    """A calendar of expiries; its address was told when it was made."""

    created_at = serializers.DateTimeField()
    last_read_at = serializers.DateTimeField(allow_null=True)


class CalendarAddress(serializers.Serializer[Any]):
    """The secret address of a calendar, told this once."""

    address = serializers.URLField()


class Calendar(OrganizationAPIView):
    """The calendar of expiries of the token's person."""

    permissions = {"GET": OWN, "POST": OWN, "DELETE": OWN}
    scopes = {"GET": READ, "POST": WRITE, "DELETE": WRITE}

    @extend_schema(responses=CalendarOutput(allow_null=True))
    def get(self, request: OrganizationAPIRequest) -> Response:
        """Show when your calendar was made and last read; null without one."""
        feed = find_calendar(membership=request.membership)
        return success(CalendarOutput(feed).data if feed else None)

    @extend_schema(request=None, responses={201: CalendarAddress})
    def post(self, request: OrganizationAPIRequest) -> Response:
        """Make the address of your calendar, told this once; a former address stops to work."""
        secret = make_calendar(membership=request.membership, actor=request.actor, at=request.at)
        address = settings.PUBLIC_BASE_URL.rstrip("/") + reverse("products:calendar_feed", args=[secret])
        return success({"address": address}, code=status.HTTP_201_CREATED)

    @extend_schema(responses={200: None})
    def delete(self, request: OrganizationAPIRequest) -> Response:
        """Let the address of your calendar stop to work."""
        end_calendar(membership=request.membership, actor=request.actor, at=request.at)
        return success(None)


def _kept(request: OrganizationAPIRequest, filter_id: int) -> SavedFilter:
    return get_filter(membership=request.membership, filter_id=filter_id)
