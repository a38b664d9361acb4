"""REST operations on what was sent to an endpoint (API-6)."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from manager.kit.api import success
from manager.kit.listing import Listing, answer_list
from organizations.access.api import OrganizationAPIRequest, OrganizationAPIView
from organizations.webhooks import services
from organizations.webhooks.api import MANAGE, NAMES, READ, WRITE, find_webhook, rights_of
from organizations.webhooks.catalogue import TEST_EVENT
from organizations.webhooks.selectors import get_message, list_messages
from organizations.webhooks.status import MessageStatus

ALL_NAMES = [*NAMES, (TEST_EVENT, TEST_EVENT)]


class WebhookMessageOutput(serializers.Serializer[Any]):
    """A message. `message_id` is its `webhook-id`; `answered` the status of the last answer."""

    id = serializers.IntegerField()
    message_id = serializers.CharField()
    event = serializers.ChoiceField(choices=ALL_NAMES)
    status = serializers.ChoiceField(choices=MessageStatus.choices)
    tries = serializers.IntegerField()
    answered = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    next_try_at = serializers.DateTimeField(allow_null=True)


class KeptInstantField(serializers.DateTimeField):
    """An instant that stands in JSON as text, told like all others."""

    def to_representation(self, value: Any) -> Any:
        """Return it in UTC."""
        return super().to_representation(datetime.fromisoformat(value))


class WebhookTryOutput(serializers.Serializer[Any]):
    """One try: what was sent with the body, and the answer's first 2 KB, or an `error` without any."""

    at = KeptInstantField()
    headers = serializers.DictField(child=serializers.CharField())
    status = serializers.IntegerField(allow_null=True)
    answer = serializers.CharField()
    error = serializers.CharField()
    milliseconds = serializers.IntegerField()


class WebhookMessageDetailOutput(WebhookMessageOutput):
    """A message with its `body`, exactly as it is signed and sent, and its tries, oldest first."""

    body = serializers.CharField()
    log = WebhookTryOutput(many=True)


class WebhookMessageFilters(serializers.Serializer[Any]):
    """What the log can be filtered by."""

    event = serializers.ChoiceField(choices=ALL_NAMES, required=False, default="")
    status = serializers.ChoiceField(choices=MessageStatus.choices, required=False, default="")


class WebhookResendInput(serializers.Serializer[Any]):
    """From which instant on given-up messages are sent again."""

    since = serializers.DateTimeField()


class WebhookResendOutput(serializers.Serializer[Any]):
    """How many messages are sent again."""

    count = serializers.IntegerField()


class WebhookMessageList(OrganizationAPIView):
    """What was sent to an endpoint in the last 30 days."""

    permissions = {"GET": MANAGE}
    scopes = {"GET": READ}
    listing = Listing(descending=True, filters=WebhookMessageFilters)

    @extend_schema(responses=WebhookMessageOutput(many=True), operation_id="webhook_messages_list")
    def get(self, request: OrganizationAPIRequest, webhook_id: int) -> Response:
        """List messages, newest first, a page at a time."""
        row = find_webhook(request, webhook_id)
        asked = self.listing.read(request.query_params)
        rows = list_messages(endpoint=row, can=rights_of(request), **asked.criteria)
        return answer_list(asked, rows.defer("body", "log"), WebhookMessageOutput)


class WebhookMessageDetail(OrganizationAPIView):
    """One message."""

    permissions = {"GET": MANAGE}
    scopes = {"GET": READ}

    @extend_schema(responses=WebhookMessageDetailOutput, operation_id="webhook_messages_read")
    def get(self, request: OrganizationAPIRequest, webhook_id: int, webhook_message_id: int) -> Response:
        """Return a message with its body and what was answered each time."""
        row = find_webhook(request, webhook_id)
        message = get_message(endpoint=row, message_id=webhook_message_id, can=rights_of(request))
        return success(WebhookMessageDetailOutput(message).data)


class WebhookMessageResend(OrganizationAPIView):
    """One message, once more."""

    permissions = {"POST": MANAGE}
    scopes = {"POST": WRITE}

    @extend_schema(request=None, responses=WebhookMessageOutput, operation_id="webhook_messages_resend")
    def post(self, request: OrganizationAPIRequest, webhook_id: int, webhook_message_id: int) -> Response:
        """Send a message once more, with the same `webhook-id`."""
        can = rights_of(request)
        row = find_webhook(request, webhook_id)
        message = get_message(endpoint=row, message_id=webhook_message_id, can=can)
        message = services.resend_message(
            endpoint=row, message=message, can=can, actor=request.actor, at=request.at
        )
        return success(WebhookMessageOutput(message).data)


class WebhookResendFailed(OrganizationAPIView):
    """What was given up, once more."""

    permissions = {"POST": MANAGE}
    scopes = {"POST": WRITE}

    @extend_schema(
        request=WebhookResendInput, responses=WebhookResendOutput, operation_id="webhooks_resend_failed"
    )
    def post(self, request: OrganizationAPIRequest, webhook_id: int) -> Response:
        """Send again what was given up and written at `since` or later, at most 1,000 messages."""
        row = find_webhook(request, webhook_id)
        given = WebhookResendInput(data=request.data)
        given.is_valid(raise_exception=True)
        count = services.resend_failed(
            endpoint=row,
            since=given.validated_data["since"],
            can=rights_of(request),
            actor=request.actor,
            at=request.at,
        )
        return success({"count": count})


class WebhookTest(OrganizationAPIView):
    """A test of an endpoint."""

    permissions = {"POST": MANAGE}
    scopes = {"POST": WRITE}

    @extend_schema(request=None, responses={201: WebhookMessageOutput}, operation_id="webhooks_test")
    def post(self, request: OrganizationAPIRequest, webhook_id: int) -> Response:
        """Send a test message; read it to see what came of it."""
        row = find_webhook(request, webhook_id)
        message = services.send_test(endpoint=row, can=rights_of(request), actor=request.actor, at=request.at)
        return success(WebhookMessageOutput(message).data, code=status.HTTP_201_CREATED)
