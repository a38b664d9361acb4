"""Publish an event: store it in the transaction of the change that caused it."""

from datetime import datetime
from typing import Any

from django.db import connection

from manager.kit.database.rows import insert_row
from manager.kit.nudge import nudge
from manager.kit.scope import tenant_scope
from manager.outbox.models import OutboxEvent


class NotInTransaction(RuntimeError):
    """An event was published outside of a transaction: it could be stored without its change."""


def publish(name: str, *, organization_id: int, payload: dict[str, Any], at: datetime) -> OutboxEvent:
    """Store the event `name` (`noun.verb_in_the_past`) with ids and plain facts in `payload`.

    `organization_id` is 0 for facts about a person alone. `at` becomes the event's instant, which
    handlers take as their own. Handlers are named in `manager.wiring`.

    :raises NotInTransaction: the caller is not in a transaction.
    """
    if not connection.in_atomic_block:
        raise NotInTransaction(name)
    with tenant_scope(organization_id):
        event = OutboxEvent(name=name, organization_id=organization_id, payload=payload, created_at=at)
        insert_row(event)
    nudge("outbox")
    return event
