"""Take messages that are due under a lease, one for each endpoint that is free, and note how they went."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef

from manager.kit.actor import Actor, ActorKind
from manager.kit.due import is_due
from manager.kit.scope import tenant_scope
from manager.kit.status import transition
from organizations.access.roles import Permission
from organizations.webhooks.models import WebhookEndpoint, WebhookMessage
from organizations.webhooks.rules import LEASE, REST, is_hopeless, next_try
from organizations.webhooks.services import disable_endpoint
from organizations.webhooks.status import MESSAGE_STEPS, DisabledBy, EndpointStatus, MessageStatus
from organizations.webhooks.transport import Answer

GONE = 410


@dataclass(frozen=True, slots=True)
class Try:
    """A message in the hands of this worker: nobody else has it, nor its endpoint, while the lease holds."""

    message: WebhookMessage
    endpoint: WebhookEndpoint
    number: int


def claim(*, size: int, at: datetime) -> list[Try]:
    """Take the longest due message of up to `size` free endpoints; committed before anything is sent.

    An endpoint has one message under way at a time: one that is slow or floods us takes one place of many.
    Nothing is sent in the name of a deleted organization, also before its endpoints are gone.
    """
    due = WebhookMessage.objects.using("system").filter(is_due("due_at", at), status=MessageStatus.WAITING)
    with transaction.atomic(using="system"):
        free = (
            WebhookEndpoint.objects.using("system")
            .filter(is_due("free_at", at), status=EndpointStatus.ENABLED, organization__deleted_at=None)
            .filter(Exists(due.filter(endpoint_id=OuterRef("pk"))))
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("free_at", "pk")
        )
        endpoints = {row.pk: row for row in free[:size]}
        first = due.filter(endpoint_id__in=endpoints).order_by("endpoint_id", "due_at", "pk")
        messages = list(first.distinct("endpoint_id"))
        taken = [message.pk for message in messages]
        WebhookMessage.objects.using("system").filter(pk__in=taken).update(
            due_at=at + LEASE, fence=F("fence") + 1, tries=F("tries") + 1
        )
        busy = [message.endpoint_id for message in messages]
        WebhookEndpoint.objects.using("system").filter(pk__in=busy).update(free_at=at + LEASE)
    for message in messages:
        message.fence += 1
        message.tries += 1
    return [Try(message, endpoints[message.endpoint_id], message.tries) for message in messages]


def record_answer(*, made: Try, answer: Answer, headers: dict[str, str], at: datetime) -> bool:
    """Note how a try went, and what follows; return whether it counted.

    It does not when the lease has ended meanwhile and somebody else has the message.
    """
    organization_id = made.message.organization_id
    with tenant_scope(organization_id), transaction.atomic():
        endpoint = (
            WebhookEndpoint.objects.select_for_update()
            .filter(organization_id=organization_id, pk=made.endpoint.pk)
            .first()
        )
        message = (
            WebhookMessage.objects.select_for_update()
            .filter(organization_id=organization_id, pk=made.message.pk, fence=made.message.fence)
            .first()
        )
        if endpoint is None or message is None or message.status != MessageStatus.WAITING:
            return False
        message.answered = answer.status
        message.log = [*message.log, _line(answer, headers, at)][-30:]
        if answer.is_taken:
            _note_taken(endpoint, message, at)
        else:
            _note_failed(endpoint, message, answer, at)
    return True


def _line(answer: Answer, headers: dict[str, str], at: datetime) -> dict[str, object]:
    return {
        "at": at.isoformat(),
        "headers": headers,
        "status": answer.status,
        "answer": answer.text,
        "error": answer.error,
        "milliseconds": answer.milliseconds,
    }


def _note_taken(endpoint: WebhookEndpoint, message: WebhookMessage, at: datetime) -> None:
    transition(message, MessageStatus.DELIVERED, MESSAGE_STEPS)
    message.ended_at = at
    message.save(update_fields=["status", "ended_at", "answered", "log"])
    endpoint.failing_since, endpoint.failures = None, 0
    endpoint.delivered_at = endpoint.free_at = at
    endpoint.save(update_fields=["failing_since", "failures", "delivered_at", "free_at"])


def _note_failed(endpoint: WebhookEndpoint, message: WebhookMessage, answer: Answer, at: datetime) -> None:
    following = next_try(key=message.key.hex, tries=message.tries, at=at)
    if following is None:
        transition(message, MessageStatus.FAILED, MESSAGE_STEPS)
        message.ended_at = at
    else:
        message.due_at = following
    message.save(update_fields=["status", "ended_at", "due_at", "answered", "log"])
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or at
    endpoint.free_at = at if answer.status else at + REST
    endpoint.save(update_fields=["failures", "failing_since", "free_at"])
    is_gone = answer.status == GONE
    if is_gone or is_hopeless(failing_since=endpoint.failing_since, failures=endpoint.failures, at=at):
        disable_endpoint(
            endpoint=endpoint,
            can=frozenset(Permission),
            actor=Actor(ActorKind.SYSTEM),
            at=at,
            why=DisabledBy.GONE if is_gone else DisabledBy.FAILURES,
        )
