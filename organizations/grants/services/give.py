"""Give access to products."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.scope import tenant_scope
from manager.outbox.publish import publish
from organizations.access.locks import lock_members
from organizations.access.models import Grant
from organizations.access.roles import UNRESTRICTED
from organizations.access.selectors import name_target
from organizations.access.timebox import end_right
from organizations.audit.services import record_audit
from organizations.grants.rules import GrantNotNeeded, Target, check_end, check_may_grant, check_targets
from organizations.grants.services.end import expire_grant
from organizations.members.models import Membership
from organizations.members.selectors import get_member
from organizations.teams.models import Team
from organizations.teams.selectors import get_team


def grant_access(
    *,
    organization_id: int,
    targets: Sequence[Target],
    level: str,
    membership_id: int | None = None,
    team_id: int | None = None,
    ends_at: datetime | None = None,
    granter: Membership,
    actor: Actor,
    at: datetime,
) -> list[Grant]:
    """Let a member, or a team, see or manage products and families, until `ends_at` if given (ORG-13).

    All of them or none. What the member or team has been granted directly before is replaced.
    Publishes `grant.given` for each.

    :raises NotFound: no such member, or team, in this organization.
    :raises GrantNotNeeded: the member's role sees everything.
    :raises RoleNotGivable: the member's role is above the granter.
    :raises UnknownGrant: no such family, or no such product of this organization.
    :raises EndIsPast: the end has come already.
    """
    with tenant_scope(organization_id), transaction.atomic():
        lock_members(organization_id=organization_id)
        # As it is now: the granter's own role may have changed while this one waited.
        giver = get_member(organization_id=organization_id, membership_id=granter.pk)
        holder: Membership | Team
        if team_id is not None:
            holder = get_team(organization_id=organization_id, team_id=team_id)
        else:
            holder = get_member(organization_id=organization_id, membership_id=membership_id or 0)
            if holder.role in UNRESTRICTED:
                raise GrantNotNeeded
        check_may_grant(giver=giver, holder=holder)
        check_end(ends_at=ends_at, at=at)
        check_targets(organization_id=organization_id, targets=targets)
        return [
            _give(holder, target, level=level, ends_at=ends_at, actor=actor, at=at)
            for target in dict.fromkeys(targets)
        ]


def _give(
    holder: Membership | Team,
    target: Target,
    *,
    level: str,
    ends_at: datetime | None,
    actor: Actor,
    at: datetime,
) -> Grant:
    is_member = isinstance(holder, Membership)
    to = {"membership": holder, "team": None} if is_member else {"membership": None, "team": holder}
    what = {"family": target.family, "product_id": target.product_id}
    before = (
        Grant.objects.select_for_update(of=("self",))
        .filter(organization_id=holder.organization_id, ended_at=None, **to, **what)
        .first()
    )
    if before is not None and before.ends_at is not None and before.ends_at <= at:
        # Over, but not written down yet.
        expire_grant(before, at)
    elif before is not None:
        end_right(before, by_user_id=actor.user_id, at=at)
    grant = Grant.objects.create(
        organization_id=holder.organization_id,
        level=level,
        created_at=at,
        starts_at=at,
        ends_at=ends_at,
        **to,
        **what,
    )
    record_audit(
        organization_id=holder.organization_id,
        name="grant.given",
        actor=actor,
        at=at,
        subject=holder.user if isinstance(holder, Membership) else holder,
        level=str(level),
        what=name_target(
            organization_id=holder.organization_id, family=target.family, product_id=target.product_id
        ),
        until=ends_at.isoformat() if ends_at else "",
    )
    publish("grant.given", organization_id=holder.organization_id, payload={"grant": grant.pk}, at=at)
    return grant
