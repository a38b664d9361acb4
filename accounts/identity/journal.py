"""A case's journal, and the events that tell what happened with it."""

from datetime import datetime
from typing import Any

from accounts.identity.models import IdentityCase, IdentityEntry
from accounts.users.history import publish_security_event
from manager.kit.actor import Actor
from manager.outbox.publish import publish


def note(case: IdentityCase, what: str, *, actor: Actor, at: datetime, detail: str = "") -> None:
    """Add an entry to the case's journal, in the transaction of the act."""
    IdentityEntry.objects.create(
        case=case,
        what=what,
        detail=detail[:200],
        actor_kind=actor.kind,
        actor_id=actor.user_id,
        actor_name=actor.name[:200],
        address=actor.address,
        at=at,
    )


def tell(case: IdentityCase, what: str, *, actor: Actor, at: datetime, **payload: Any) -> None:
    """Note what happened and publish `identity.<what>`, to the person's own log as well where known.

    The payload carries the case, its reason, whose account it is and what it is about; nothing secret.
    """
    note(case, what, actor=actor, at=at)
    facts = {"case": case.pk, "reason": case.reason, "subject": case.subject, **payload}
    name = f"identity.{what}"
    if case.user is None:
        publish(name, organization_id=0, payload={"user": None, **facts}, at=at)
        return
    details = {"reason": case.reason}
    publish_security_event(name, user=case.user, actor=actor, at=at, details=details, **facts)
