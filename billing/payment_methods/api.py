"""REST operations on saved means: add one on the provider's page, the rest here (API-1)."""

from typing import Any

from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from billing.gateway.vocabulary import MeansKind
from billing.payment_methods.models import MethodKind, PaymentMethod
from billing.payment_methods.moves import move_method
from billing.payment_methods.selectors import disputed_ids, get_method, is_disputed, list_methods
from billing.payment_methods.services import (
    NAME_LENGTH,
    remove_method,
    rename_method,
    set_default,
    use_prepaid,
)
from billing.payment_methods.setups import require_kind, start_setup
from manager.kit.api import success
from manager.kit.fields import refuse_control_characters
from manager.kit.ids import MAX_ID
from manager.kit.listing import Listing, answer_list
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission

PREPAID = MethodKind.PREPAID.value


class MethodOutput(serializers.Serializer[Any]):
    """A saved means; the panel never knows more of a card than this."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=MethodKind.choices)
    name = serializers.CharField(source="__str__")
    brand = serializers.CharField()
    last4 = serializers.CharField()
    expiry_month = serializers.IntegerField(allow_null=True)
    expiry_year = serializers.IntegerField(allow_null=True)
    is_default = serializers.BooleanField()
    is_disputed = serializers.SerializerMethodField(
        help_text="A payment with it was taken back by the payer's bank: it is not charged by itself."
    )
    position = serializers.IntegerField()
    created_at = serializers.DateTimeField()

    def get_is_disputed(self, method: PaymentMethod) -> bool:
        """Return what is known of all rows of a list, or ask for this one alone."""
        known = self.context.get("disputed")
        return method.pk in known if known is not None else is_disputed(method)


class RenameInput(serializers.Serializer[Any]):
    """A name of one's own; empty brings back what the means is."""

    name = serializers.CharField(
        max_length=NAME_LENGTH, allow_blank=True, validators=[refuse_control_characters]
    )


class RemoveInput(serializers.Serializer[Any]):
    """What is charged from now on in its place; without it, the next in the order."""

    replacement = serializers.IntegerField(required=False, min_value=1, max_value=MAX_ID)


class MoveInput(serializers.Serializer[Any]):
    """One place up or down in the order in which means are tried."""

    direction = serializers.ChoiceField(choices=["up", "down"])


class MethodAddInput(serializers.Serializer[Any]):
    """What kind of means to save; `prepaid` takes the prepaid account as one, at once."""

    kind = serializers.ChoiceField(choices=[*(kind.value for kind in MeansKind), PREPAID])


class MethodAddOutput(serializers.Serializer[Any]):
    """Where a person enters the means; or the means, where nothing is to be entered."""

    action_url = serializers.CharField(
        help_text="The provider's page; what is saved there is then in the list. Empty for `prepaid`."
    )
    method = MethodOutput(allow_null=True)


class MethodList(OrganizationAPIView):
    """The saved means of an organization."""

    permissions = {"GET": Permission.BILLING_VIEW, "POST": Permission.BILLING_MANAGE}
    scopes = {"GET": "billing:read", "POST": "billing:write"}
    listing = Listing(orders={})

    @extend_schema(responses=MethodOutput(many=True))
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List the saved means, the default first."""
        asked = self.listing.read(request.query_params)
        rows = list(list_methods(organization=request.organization))
        told = {"disputed": disputed_ids(organization=request.organization)}
        return answer_list(asked, rows, lambda page: MethodOutput(page, many=True, context=told).data)

    @extend_schema(request=MethodAddInput, responses={201: MethodAddOutput})
    def post(self, request: OrganizationAPIRequest) -> Response:
        """Open the provider's page to save a means, or take the prepaid account as one.

        A person has to go to `action_url` and enter it there: the panel never sees what is written on a card.
        """
        given = MethodAddInput(data=request.data)
        given.is_valid(raise_exception=True)
        url, method = _add(request, given.validated_data["kind"])
        told = {"action_url": url, "method": method}
        return success(MethodAddOutput(told).data, code=status.HTTP_201_CREATED)


def _add(request: OrganizationAPIRequest, kind: str) -> tuple[str, PaymentMethod | None]:
    if kind == PREPAID:
        return "", use_prepaid(organization=request.organization, actor=request.actor, at=request.at)
    start = start_setup(
        organization=request.organization,
        kind=require_kind(kind, request.organization.currency),
        language=get_language() or "en",
        actor=request.actor,
        at=request.at,
    )
    return start.redirect_url, None


class MethodDetail(OrganizationAPIView):
    """One saved means."""

    permissions = {
        "GET": Permission.BILLING_VIEW,
        "PATCH": Permission.BILLING_MANAGE,
        "DELETE": Permission.BILLING_MANAGE,
    }
    scopes = {"GET": "billing:read", "PATCH": "billing:write", "DELETE": "billing:write"}

    @extend_schema(responses=MethodOutput)
    def get(self, request: OrganizationAPIRequest, method_id: int) -> Response:
        """Show one saved means."""
        return success(MethodOutput(get_method(organization=request.organization, method_id=method_id)).data)

    @extend_schema(request=RenameInput, responses=MethodOutput)
    def patch(self, request: OrganizationAPIRequest, method_id: int) -> Response:
        """Rename a saved means."""
        given = RenameInput(data=request.data)
        given.is_valid(raise_exception=True)
        method = get_method(organization=request.organization, method_id=method_id)
        name = given.validated_data["name"]
        return success(
            MethodOutput(rename_method(method=method, name=name, actor=request.actor, at=request.at)).data
        )

    @extend_schema(
        parameters=[OpenApiParameter("replacement", int, description="The means to use instead.")],
        responses=MethodOutput,
    )
    def delete(self, request: OrganizationAPIRequest, method_id: int) -> Response:
        """Remove a saved means; what is charged to it goes on with `replacement`, else with the next one."""
        given = RemoveInput(data=request.query_params)
        given.is_valid(raise_exception=True)
        method = get_method(organization=request.organization, method_id=method_id)
        wanted = given.validated_data.get("replacement")
        replacement = get_method(organization=request.organization, method_id=wanted) if wanted else None
        removed = remove_method(method=method, actor=request.actor, at=request.at, replacement=replacement)
        return success(MethodOutput(removed).data)


class MethodDefault(OrganizationAPIView):
    """The choice of the means that renewals use."""

    permissions = {"POST": Permission.BILLING_MANAGE}
    scopes = {"POST": "billing:write"}

    @extend_schema(request=None, responses=MethodOutput)
    def post(self, request: OrganizationAPIRequest, method_id: int) -> Response:
        """Let renewals use this means."""
        method = get_method(organization=request.organization, method_id=method_id)
        return success(MethodOutput(set_default(method=method, actor=request.actor, at=request.at)).data)


class MethodMove(OrganizationAPIView):
    """The place of a means in the order in which they are tried."""

    permissions = {"POST": Permission.BILLING_MANAGE}
    scopes = {"POST": "billing:write"}

    @extend_schema(request=MoveInput, responses=MethodOutput)
    def post(self, request: OrganizationAPIRequest, method_id: int) -> Response:
        """Move a means one place up or down; the first one is the default."""
        given = MoveInput(data=request.data)
        given.is_valid(raise_exception=True)
        method = get_method(organization=request.organization, method_id=method_id)
        moved = move_method(
            method=method,
            direction=given.validated_data["direction"],
            actor=request.actor,
            at=request.at,
        )
        return success(MethodOutput(moved).data)
