"""Write the audit log; called by every verb that changes something of an organization."""

from datetime import datetime
from typing import Any

from django.db.models import Model

from manager.kit.actor import Actor
from manager.kit.database.rows import insert_row
from organizations.audit.models import AuditEvent


def record_audit(
    *, organization_id: int, name: str, actor: Actor, at: datetime, subject: Model | None = None, **data: Any
) -> AuditEvent:
    """Add one event to the organization's audit log, in the transaction of the change (ORG-16).

    `name` is `noun.verb_in_the_past` as in the outbox; `data` holds plain JSON values.
    """
    event = make_event(
        organization_id=organization_id, name=name, actor=actor, at=at, subject=subject, data=data
    )
    insert_row(event)
    return event


def make_event(
    *,
    organization_id: int,
    name: str,
    actor: Actor,
    at: datetime,
    subject: Model | None = None,
    data: dict[str, Any],
) -> AuditEvent:
    """Return the event of an act without storing it, for verbs that write many in one statement."""
    return AuditEvent(
        organization_id=organization_id,
        name=name,
        actor_kind=actor.kind,
        actor_id=actor.user_id,
        actor_name=actor.name[:200],
        through=actor.through[:120],
        on_behalf_of=actor.on_behalf_of[:200],
        address=actor.address,
        agent=actor.agent[:300],
        subject_kind=type(subject).__name__.lower() if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        subject_name=str(subject)[:200] if subject is not None else "",
        data=data,
        at=at,
    )
