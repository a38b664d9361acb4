"""Write messages, and send them once more by wish (API-6)."""

import json
import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from rest_framework.utils.encoders import JSONEncoder

from accounts.sessions.limits import HOUR, take_or_refuse
from manager.kit.actor import Actor
from manager.kit.errors import NotFound
from manager.kit.nudge import nudge
from manager.kit.status import transition
from organizations.audit.services import record_audit
from organizations.webhooks.catalogue import TEST_EVENT, names_for
from organizations.webhooks.errors import EndpointDisabled
from organizations.webhooks.models import WebhookEndpoint, WebhookMessage
from organizations.webhooks.rules import EXTRA_PER_HOUR, MOST_RESENT
from organizations.webhooks.services.endpoints import Can, lock_endpoint
from organizations.webhooks.status import MESSAGE_STEPS, EndpointStatus, MessageStatus

PERIODIC = "webhooks"


def write_message(
    *,
    endpoint: WebhookEndpoint,
    event: str,
    data: dict[str, Any],
    event_id: uuid.UUID | None,
    happened_at: datetime,
    at: datetime,
) -> WebhookMessage:
    """Return the message about an event that is to be stored; it is due at once."""
    content = {"type": event, "timestamp": happened_at, "data": data}
    return WebhookMessage(
        organization_id=endpoint.organization_id,
        endpoint=endpoint,
        event=event,
        event_id=event_id,
        body=json.dumps(content, cls=JSONEncoder, separators=(",", ":"), ensure_ascii=False),
        created_at=at,
        begun_at=at,
        due_at=at,
    )


@transaction.atomic
def send_test(*, endpoint: WebhookEndpoint, can: Can, actor: Actor, at: datetime) -> WebhookMessage:
    """Send a message that tells nothing but that it is a test; it is in the log as the others are.

    :raises EndpointDisabled: nothing is sent to a disabled endpoint.
    :raises TooManyAttempts: 60 tests and repetitions were asked for within the hour.
    """
    row = _lock_enabled(endpoint, can)
    data = {"endpoint": row.pk, "description": row.description}
    message = write_message(endpoint=row, event=TEST_EVENT, data=data, event_id=None, happened_at=at, at=at)
    message.save()
    _note(row, "tested", actor, at)
    return message


@transaction.atomic
def resend_message(
    *, endpoint: WebhookEndpoint, message: WebhookMessage, can: Can, actor: Actor, at: datetime
) -> WebhookMessage:
    """Send a message once more, with the same `webhook-id`; one that waits is due at once.

    :raises EndpointDisabled: nothing is sent to a disabled endpoint.
    :raises NotFound: the message is not in the log any more.
    :raises TooManyAttempts: 60 tests and repetitions were asked for within the hour.
    """
    row = _lock_enabled(endpoint, can)
    locked = _messages(row, can).select_for_update().filter(pk=message.pk).first()
    if locked is None:
        raise NotFound
    _begin_anew(locked, at)
    _note(row, "resent", actor, at, messages=1)
    return locked


@transaction.atomic
def resend_failed(*, endpoint: WebhookEndpoint, since: datetime, can: Can, actor: Actor, at: datetime) -> int:
    """Send again what was given up and written at `since` or later; return how many.

    The oldest first, at most 1,000.

    :raises EndpointDisabled: nothing is sent to a disabled endpoint.
    :raises TooManyAttempts: 60 tests and repetitions were asked for within the hour.
    """
    row = _lock_enabled(endpoint, can)
    failed = _messages(row, can).filter(status=MessageStatus.FAILED, created_at__gte=since)
    messages = list(failed.select_for_update().order_by("pk")[:MOST_RESENT])
    for message in messages:
        _begin_anew(message, at)
    if messages:
        _note(row, "resent", actor, at, messages=len(messages))
    return len(messages)


def _lock_enabled(endpoint: WebhookEndpoint, can: Can) -> WebhookEndpoint:
    row = lock_endpoint(endpoint, can)
    if row.status != EndpointStatus.ENABLED:
        raise EndpointDisabled
    return row


def _messages(row: WebhookEndpoint, can: Can) -> QuerySet[WebhookMessage]:
    return WebhookMessage.objects.filter(
        organization_id=row.organization_id, endpoint_id=row.pk, event__in=names_for(can)
    )


def _begin_anew(message: WebhookMessage, at: datetime) -> None:
    if message.status != MessageStatus.WAITING:
        transition(message, MessageStatus.WAITING, MESSAGE_STEPS)
    message.begun_at = message.due_at = at
    message.tries, message.ended_at = 0, None
    message.fence += 1
    message.save(update_fields=["status", "begun_at", "due_at", "tries", "ended_at", "fence"])


def _note(row: WebhookEndpoint, what: str, actor: Actor, at: datetime, **facts: Any) -> None:
    """Count the wish, write it into the audit log, and wake who sends."""
    take_or_refuse(f"webhooks:{row.organization_id}", limit=EXTRA_PER_HOUR, window_seconds=HOUR)
    record_audit(
        organization_id=row.organization_id,
        name=f"webhook.{what}",
        actor=actor,
        at=at,
        subject=row,
        url=row.url,
        **facts,
    )
    nudge(PERIODIC)
