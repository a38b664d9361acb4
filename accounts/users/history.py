"""Tell what happened to a person's way in: to the person's own log, and to whoever listens."""

from datetime import datetime
from typing import Any

from accounts.users.models import SecurityEvent, User
from manager.kit.actor import Actor
from manager.outbox.models import OutboxEvent
from manager.outbox.publish import publish


def publish_security_event(
    name: str,
    /,
    *,
    user: User,
    actor: Actor,
    at: datetime,
    details: dict[str, Any] | None = None,
    **payload: Any,
) -> OutboxEvent:
    """Add a row to the person's log and publish the event, in the transaction of the change.

    `details` are plain facts for the log; `payload` goes to the handlers, who find the person as `user`.
    Neither may hold a secret.
    """
    note_in_history(name, user=user, actor=actor, at=at, details=details)
    return publish(name, organization_id=0, payload={"user": user.pk, **payload}, at=at)


def note_in_history(
    name: str, /, *, user: User, actor: Actor, at: datetime, details: dict[str, Any] | None = None
) -> None:
    """Add a row to the person's log, for what has been published already or concerns nobody else."""
    SecurityEvent.objects.create(
        user=user,
        name=name,
        actor_kind=actor.kind.value,
        actor_user_id=actor.user_id,
        actor_name=actor.name,
        address=actor.address,
        agent=actor.agent,
        details=details or {},
        created_at=at,
    )
