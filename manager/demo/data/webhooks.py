"""An endpoint of webhooks in the demonstration, with a log: taken, taken at the second try, given up."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from accounts.users.models import User
from manager.demo.data.organizations import acting
from manager.kit.scope import tenant_scope
from manager.kit.status import transition
from organizations.access.roles import Permission
from organizations.profile.models import Organization
from organizations.webhooks.models import WebhookMessage
from organizations.webhooks.periodic import AGENT
from organizations.webhooks.services import add_endpoint
from organizations.webhooks.services.messages import write_message
from organizations.webhooks.status import MESSAGE_STEPS, MessageStatus

ADDRESS = "https://hooks.alpina.example/manager"
EVENTS = ("product.terminated", "order.expired", "invoice.voided")


def add_webhooks(
    *, organizations: Mapping[str, Organization], users: Mapping[str, User], at: datetime
) -> None:
    """Let Alpina's bookkeeping hear of what ends; it was away for a while."""
    alpina, anna = organizations["alpina"], users["anna"]
    begun = at - timedelta(days=12)
    with tenant_scope(alpina.pk, anna.pk):
        endpoint, _secret = add_endpoint(
            organization=alpina,
            url=ADDRESS,
            events=EVENTS,
            description="Bookkeeping",
            can=frozenset(Permission),
            actor=acting(anna),
            at=begun,
        )
        told: tuple[tuple[int, str, dict[str, Any], list[int | None]], ...] = (
            (1, "product.terminated", {"name": "old-shop.example", "status": "terminated"}, [200]),
            (4, "order.expired", {"currency": "CHF", "status": "expired"}, [503] * 10),
            (9, "invoice.voided", {"currency": "CHF", "status": "void"}, [None, 200]),
        )
        for days, event, data, answers in told:
            message = write_message(
                endpoint=endpoint,
                event=event,
                data=data,
                event_id=None,
                happened_at=begun + timedelta(days=days),
                at=begun + timedelta(days=days),
            )
            _settle(message, answers)
        endpoint.delivered_at = begun + timedelta(days=9, minutes=1)
        endpoint.save(update_fields=["delivered_at"])


def _settle(message: WebhookMessage, answers: list[int | None]) -> None:
    """Write the tries of a message into its log, half a minute or more apart, and store it."""
    at = message.created_at
    for number, status in enumerate(answers):
        at += timedelta(seconds=30) * 2**number
        message.log.append(_line(message, status, at))
    end = MessageStatus.DELIVERED if answers[-1] == 200 else MessageStatus.FAILED
    transition(message, end, MESSAGE_STEPS)
    message.tries, message.answered, message.ended_at = len(answers), answers[-1], at
    message.save()


def _line(message: WebhookMessage, status: int | None, at: datetime) -> dict[str, Any]:
    answer = {200: "ok", 503: "Down for maintenance", None: ""}[status]
    return {
        "at": at.isoformat(),
        "headers": {
            "content-type": "application/json",
            "user-agent": AGENT,
            "webhook-id": message.message_id,
            "webhook-timestamp": str(int(at.timestamp())),
        },
        "status": status,
        "answer": answer,
        "error": "" if status else "timeout",
        "milliseconds": 84 if status else 10_002,
    }
