"""REST operations on endpoints (API-6): the same verbs and guards as the pages.

Beside its own scope a token needs the one of what the messages tell: without `billing:read` nobody has
invoices sent somewhere. A secret is told once, in the answer that makes it.
"""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.tokens.scopes import Scope
from manager.kit.api import success
from manager.kit.fields import refuse_control_characters
from manager.kit.keyset import NEWEST
from manager.kit.listing import Listing, answer_list
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.access.roles import Permission
from organizations.webhooks import services
from organizations.webhooks.catalogue import EVENTS, PublicEvent, events_for
from organizations.webhooks.models import WebhookEndpoint
from organizations.webhooks.rules import LONGEST_ADDRESS
from organizations.webhooks.selectors import get_endpoint, list_endpoints
from organizations.webhooks.status import DisabledBy, EndpointStatus

MANAGE = Permission.ORGANIZATION_MANAGE
READ, WRITE = Scope.ORGANIZATIONS_READ, Scope.ORGANIZATIONS_WRITE
NAMES = [(name, name) for name in EVENTS]


class WebhookOutput(serializers.Serializer[Any]):
    """An endpoint. `failing_since`: nothing was taken since then; `former_secret_until`: two secrets sign."""

    id = serializers.IntegerField()
    url = serializers.CharField()
    description = serializers.CharField()
    events = serializers.ListField(child=serializers.ChoiceField(choices=NAMES))
    status = serializers.ChoiceField(choices=EndpointStatus.choices)
    disabled_by = serializers.ChoiceField(choices=DisabledBy.choices, allow_blank=True)
    disabled_at = serializers.DateTimeField(allow_null=True)
    failing_since = serializers.DateTimeField(allow_null=True)
    delivered_at = serializers.DateTimeField(allow_null=True)
    former_secret_until = serializers.DateTimeField(source="former_until", allow_null=True)
    created_at = serializers.DateTimeField()


class WebhookSecretOutput(serializers.Serializer[Any]):
    """A secret that signs messages, told this once."""

    secret = serializers.CharField()


class NewWebhookOutput(WebhookOutput):
    """A new endpoint with its `secret`, told this once."""

    secret = serializers.CharField()


class WebhookInput(serializers.Serializer[Any]):
    """An endpoint to add: an https address, and the events of which it gets messages."""

    url = serializers.CharField(max_length=LONGEST_ADDRESS, validators=[refuse_control_characters])
    description = serializers.CharField(
        max_length=120, required=False, default="", allow_blank=True, validators=[refuse_control_characters]
    )
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=NAMES), allow_empty=False, max_length=len(EVENTS)
    )


class WebhookChange(serializers.Serializer[Any]):
    """What of an endpoint can be changed; what is left out stays."""

    url = serializers.CharField(
        max_length=LONGEST_ADDRESS, required=False, validators=[refuse_control_characters]
    )
    description = serializers.CharField(
        max_length=120, required=False, allow_blank=True, validators=[refuse_control_characters]
    )
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=NAMES),
        allow_empty=False,
        required=False,
        max_length=len(EVENTS),
    )


class WebhookFilters(serializers.Serializer[Any]):
    """What the endpoints can be filtered by."""

    status = serializers.ChoiceField(choices=EndpointStatus.choices, required=False, default="")


class WebhookEventOutput(serializers.Serializer[PublicEvent]):
    """An event that the person may choose."""

    name = serializers.CharField()
    description = serializers.CharField(source="label")


def rights_of(request: OrganizationAPIRequest) -> frozenset[Permission]:
    """Return what the person may do here, without the sight of what the token's scopes leave out."""
    scopes: Any = request.auth.scopes
    hidden = {event.permission for event in EVENTS.values() if event.scope not in scopes}
    return request.can - hidden


def find_webhook(request: OrganizationAPIRequest, webhook_id: int) -> WebhookEndpoint:
    """Return the endpoint of the address.

    :raises NotFound: the organization has none of that id.
    :raises EventsNotSeen: it gets what the person or the token does not see.
    """
    return get_endpoint(organization=request.organization, endpoint_id=webhook_id, can=rights_of(request))


class WebhookEventList(OrganizationAPIView):
    """What an endpoint can choose."""

    permissions = {"GET": MANAGE}
    scopes = {"GET": READ}
    listing = Listing(orders={})

    @extend_schema(responses=WebhookEventOutput(many=True), operation_id="webhook_events_list")
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List the events that the person may see and have messages sent about."""
        asked = self.listing.read(request.query_params)
        return answer_list(asked, events_for(rights_of(request)), WebhookEventOutput)


class WebhookList(OrganizationAPIView):
    """The endpoints of an organization."""

    permissions = {"GET": MANAGE, "POST": MANAGE}
    scopes = {"GET": READ, "POST": WRITE}
    listing = Listing(orders={"id": NEWEST}, filters=WebhookFilters, searched=True)

    @extend_schema(responses=WebhookOutput(many=True), operation_id="webhooks_list")
    def get(self, request: OrganizationAPIRequest) -> Response:
        """List the endpoints, oldest first."""
        asked = self.listing.read(request.query_params)
        rows = list_endpoints(organization=request.organization, **asked.criteria)
        return answer_list(asked, rows, WebhookOutput)

    @extend_schema(request=WebhookInput, responses={201: NewWebhookOutput}, operation_id="webhooks_add")
    def post(self, request: OrganizationAPIRequest) -> Response:
        """Add an endpoint; the answer tells its secret this once."""
        given = WebhookInput(data=request.data)
        given.is_valid(raise_exception=True)
        row, secret = services.add_endpoint(
            organization=request.organization,
            **given.validated_data,
            can=rights_of(request),
            actor=request.actor,
            at=request.at,
        )
        told = {**WebhookOutput(row).data, "secret": secret}
        return success(told, code=status.HTTP_201_CREATED)


class WebhookDetail(OrganizationAPIView):
    """One endpoint."""

    permissions = {"GET": MANAGE, "PATCH": MANAGE, "DELETE": MANAGE}
    scopes = {"GET": READ, "PATCH": WRITE, "DELETE": WRITE}

    @extend_schema(responses=WebhookOutput, operation_id="webhooks_read")
    def get(self, request: OrganizationAPIRequest, webhook_id: int) -> Response:
        """Return one endpoint."""
        return success(WebhookOutput(find_webhook(request, webhook_id)).data)

    @extend_schema(request=WebhookChange, responses=WebhookOutput, operation_id="webhooks_change")
    def patch(self, request: OrganizationAPIRequest, webhook_id: int) -> Response:
        """Change address, events or description."""
        row = find_webhook(request, webhook_id)
        given = WebhookChange(data=request.data)
        given.is_valid(raise_exception=True)
        values = {"url": row.url, "description": row.description, "events": row.events}
        row = services.change_endpoint(
            endpoint=row,
            **{**values, **given.validated_data},
            can=rights_of(request),
            actor=request.actor,
            at=request.at,
        )
        return success(WebhookOutput(row).data)

    @extend_schema(responses={200: None}, operation_id="webhooks_delete")
    def delete(self, request: OrganizationAPIRequest, webhook_id: int) -> Response:
        """Delete an endpoint with its log."""
        row = find_webhook(request, webhook_id)
        services.delete_endpoint(endpoint=row, can=rights_of(request), actor=request.actor, at=request.at)
        return success(None)


class WebhookSecret(OrganizationAPIView):
    """The secret of an endpoint."""

    permissions = {"POST": MANAGE}
    scopes = {"POST": WRITE}

    @extend_schema(request=None, responses=WebhookSecretOutput, operation_id="webhooks_rotate_secret")
    def post(self, request: OrganizationAPIRequest, webhook_id: int) -> Response:
        """Make a new secret, told this once; for 24 hours the former one signs beside it."""
        row = find_webhook(request, webhook_id)
        secret = services.rotate_secret(
            endpoint=row, can=rights_of(request), actor=request.actor, at=request.at
        )
        return success({"secret": secret})


class WebhookEnable(OrganizationAPIView):
    """Whether messages go to an endpoint."""

    permissions = {"POST": MANAGE}
    scopes = {"POST": WRITE}

    @extend_schema(request=None, responses=WebhookOutput, operation_id="webhooks_enable")
    def post(self, request: OrganizationAPIRequest, webhook_id: int) -> Response:
        """Send messages there again, from now on."""
        row = find_webhook(request, webhook_id)
        row = services.enable_endpoint(
            endpoint=row, can=rights_of(request), actor=request.actor, at=request.at
        )
        return success(WebhookOutput(row).data)


class WebhookDisable(OrganizationAPIView):
    """Whether messages go to an endpoint."""

    permissions = {"POST": MANAGE}
    scopes = {"POST": WRITE}

    @extend_schema(request=None, responses=WebhookOutput, operation_id="webhooks_disable")
    def post(self, request: OrganizationAPIRequest, webhook_id: int) -> Response:
        """Send nothing there any more; what waits is given up and can be sent again."""
        row = find_webhook(request, webhook_id)
        row = services.disable_endpoint(
            endpoint=row, can=rights_of(request), actor=request.actor, at=request.at
        )
        return success(WebhookOutput(row).data)
