"""The journal of what support does: in the customer's own audit log (ORG-15)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from manager.kit.actor import Actor, ActorKind
from manager.kit.scope import tenant_scope
from organizations.access.timebox import live
from organizations.audit.models import AuditEvent
from organizations.audit.services import record_audit
from organizations.support.models import SupportGrant

THROUGH = "Support access"
USED = "support_access.used"
# A page that is read again and again is written down once in this time; what may change something, always.
ONCE_IN = timedelta(minutes=10)
MOST_CHARACTERS = 500


def journal_use(
    *, organization_id: int, grant_ids: list[int], method: str, path: str, actor: Actor, at: datetime
) -> list[SupportGrant]:
    """Write down that support asks for `path`, before it is answered; return the access that still lives.

    Committed by itself: what fails afterwards has been asked for all the same. The rows of the access are
    locked, so that a revocation comes either before the page or after its line. With no access left nothing
    is written. The actor acts on behalf of who gave the access.
    """
    path = path[:MOST_CHARACTERS]
    with tenant_scope(organization_id), transaction.atomic():
        rows = SupportGrant.objects.select_for_update(of=("self",)).select_related("given_by")
        grants = list(rows.filter(live(at), organization_id=organization_id, pk__in=grant_ids).order_by("id"))
        if grants and not (method == "GET" and _is_written(organization_id, path, actor, at)):
            record_audit(
                organization_id=organization_id,
                name=USED,
                actor=acting_for(actor, grants),
                at=at,
                method=method,
                path=path,
            )
    return grants


def acting_for(actor: Actor, grants: Iterable[SupportGrant]) -> Actor:
    """Return the actor as support acts: by support access, on behalf of who gave it."""
    givers = ", ".join(dict.fromkeys(grant.given_by.name for grant in grants))
    return replace(actor, kind=ActorKind.STAFF, through=THROUGH, on_behalf_of=givers)


def _is_written(organization_id: int, path: str, actor: Actor, at: datetime) -> bool:
    lately = AuditEvent.objects.filter(
        organization_id=organization_id, name=USED, actor_id=actor.user_id, at__gt=at - ONCE_IN
    )
    return lately.filter(data__method="GET", data__path=path).exists()
