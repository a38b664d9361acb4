"""End access to products."""

from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.errors import NotFound
from manager.kit.scope import tenant_scope
from manager.outbox.publish import publish
from organizations.access.locks import lock_members
from organizations.access.models import Grant
from organizations.access.selectors import name_target
from organizations.access.timebox import TimeBoxed, end_right
from organizations.audit.services import record_audit
from organizations.grants.rules import check_may_grant
from organizations.members.models import Membership
from organizations.members.selectors import get_member
from organizations.teams.models import Team


def end_grant(*, organization_id: int, grant_id: int, ender: Membership, actor: Actor, at: datetime) -> Grant:
    """End a grant at once (ORG-13). Publishes `grant.ended`.

    :raises NotFound: there is no such grant, or it has ended.
    :raises RoleNotGivable: the member's role is above the ender.
    """
    with tenant_scope(organization_id), transaction.atomic():
        lock_members(organization_id=organization_id)
        grant = (
            Grant.objects.select_for_update(of=("self",))
            .select_related("membership__user", "team")
            .filter(organization_id=organization_id, pk=grant_id, ended_at=None)
            .first()
        )
        if grant is None:
            raise NotFound
        giver = get_member(organization_id=organization_id, membership_id=ender.pk)
        check_may_grant(giver=giver, holder=_holder(grant))
        end_right(grant, by_user_id=actor.user_id, at=at)
        _tell(grant, "grant.revoked", actor, at)
    return grant


def end_all_grants(*, organization_id: int, actor: Actor, at: datetime) -> None:
    """End every grant: the organization is deleted; in the caller's transaction and scope."""
    grants = Grant.objects.select_for_update(of=("self",)).select_related("membership__user", "team")
    for grant in grants.filter(organization_id=organization_id, ended_at=None).order_by("pk"):
        end_right(grant, by_user_id=actor.user_id, at=at)
        _tell(grant, "grant.revoked", actor, at)


def expire_grant(right: TimeBoxed, at: datetime) -> None:
    """Mark a grant whose end has come; publishes `grant.ended`. The caller holds its lock."""
    end_right(right, by_user_id=None, at=at)
    if isinstance(right, Grant):
        _tell(right, "grant.expired", Actor.system("access"), at)


def _holder(grant: Grant) -> Membership | Team:
    holder = grant.membership or grant.team
    if holder is None:
        raise NotFound  # the database refuses such a grant
    return holder


def _tell(grant: Grant, name: str, actor: Actor, at: datetime) -> None:
    holder = _holder(grant)
    record_audit(
        organization_id=grant.organization_id,
        name=name,
        actor=actor,
        at=at,
        subject=holder.user if isinstance(holder, Membership) else holder,
        what=name_target(
            organization_id=grant.organization_id, family=grant.family, product_id=grant.product_id
        ),
    )
    publish(
        "grant.ended",
        organization_id=grant.organization_id,
        payload={"grant": grant.pk, "by_itself": name == "grant.expired"},
        at=at,
    )
