"""End support access: taken back, or over by itself."""

from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.errors import NotFound
from manager.kit.scope import tenant_scope
from manager.outbox.publish import publish
from organizations.access.timebox import TimeBoxed, end_right
from organizations.audit.services import record_audit
from organizations.support.models import SupportGrant


def revoke_support_access(*, organization_id: int, grant_id: int, actor: Actor, at: datetime) -> SupportGrant:
    """Take support access back at once; who works by it is out with the next request (ORG-15).

    :raises NotFound: there is no such access, or it has ended.
    """
    with tenant_scope(organization_id), transaction.atomic():
        rows = SupportGrant.objects.select_for_update(of=("self",))
        grant = rows.filter(organization_id=organization_id, pk=grant_id, ended_at=None).first()
        if grant is None or not grant.is_live(at):
            raise NotFound
        end_right(grant, by_user_id=actor.user_id, at=at)
        _record(grant, "support_access.revoked", actor, at)
    return grant


def end_all_support(*, organization_id: int, actor: Actor, at: datetime) -> None:
    """Take all support access back: the organization is deleted; in the caller's transaction and scope."""
    rows = SupportGrant.objects.select_for_update(of=("self",))
    for grant in rows.filter(organization_id=organization_id, ended_at=None).order_by("pk"):
        end_right(grant, by_user_id=actor.user_id, at=at)
        _record(grant, "support_access.revoked", actor, at)


def expire_support(right: TimeBoxed, at: datetime) -> None:
    """Mark support access whose end has come; publishes `support_access.ended`. The caller holds its lock."""
    end_right(right, by_user_id=None, at=at)
    if isinstance(right, SupportGrant):
        _record(right, "support_access.ended", Actor.system("access"), at)
        publish(
            "support_access.ended",
            organization_id=right.organization_id,
            payload={"grant": right.pk, "kind": right.kind},
            at=at,
        )


def _record(grant: SupportGrant, name: str, actor: Actor, at: datetime) -> None:
    record_audit(
        organization_id=grant.organization_id, name=name, actor=actor, at=at, subject=grant, kind=grant.kind
    )
