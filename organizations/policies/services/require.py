"""Demand a second factor of members, and stop demanding it."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.users.selectors import has_second_factor
from manager.kit.actor import Actor
from manager.kit.clock import day_in
from manager.kit.errors import DomainError
from manager.kit.scope import tenant_scope
from manager.outbox.publish import publish
from organizations.access.locks import lock_members
from organizations.access.roles import GIVES, Role
from organizations.audit.services import record_audit
from organizations.members.models import Membership
from organizations.members.selectors import get_member
from organizations.policies.models import SecondFactorPolicy
from organizations.policies.services.remind import step_at

LONGEST_GRACE = timedelta(days=365)


class SetterLacksFactor(DomainError):
    """Who demands a second factor has none."""

    code = "setter_lacks_factor"
    status = 409
    message = _("Please set up a second factor for your own account first.")


class RoleOutOfReach(DomainError):
    """The role is above the one who decides."""

    code = "role_out_of_reach"
    status = 403
    field = "roles"
    message = _("Only a legal representative decides this for legal representatives.")


class DayOutOfRange(DomainError):
    """The day lies in the past, or more than a year ahead."""

    code = "day_out_of_range"
    status = 422
    field = "required_on"
    message = _("Please choose a day from today up to one year ahead.")


class RolesMissing(DomainError):
    """No role is named, or an unknown one."""

    code = "roles_missing"
    status = 422
    field = "roles"
    message = _("Please choose at least one role.")


def require_second_factor(
    *,
    organization_id: int,
    roles: Collection[str],
    required_on: date,
    setter: Membership,
    actor: Actor,
    at: datetime,
) -> SecondFactorPolicy:
    """Demand a second factor of members with `roles` from the day `required_on` on.

    The day counts in the organization's zone. Publishes `second_factor.required`, unless nothing changes.

    :raises SetterLacksFactor: the one who demands it has none.
    :raises RolesMissing: no role, or an unknown one.
    :raises RoleOutOfReach: a role is added or taken away that the setter cannot give.
    :raises DayOutOfRange: the day is over, or too far away.
    """
    wanted = set(roles)
    if not wanted or not wanted <= set(Role.values):
        raise RolesMissing
    with tenant_scope(organization_id), transaction.atomic():
        giver = _lock(organization_id, setter)
        if not has_second_factor(giver.user):
            raise SetterLacksFactor
        present = SecondFactorPolicy.objects.filter(organization_id=organization_id).first()
        _check_reach(giver, present, wanted, required_on)
        if present is not None and (set(present.roles), present.required_on) == (wanted, required_on):
            return present
        _check_day(giver, present, required_on, at)
        policy, _created = SecondFactorPolicy.objects.update_or_create(
            organization_id=organization_id,
            defaults={
                "roles": sorted(wanted),
                "required_on": required_on,
                # The announcement stands for the reminder that would be due by now.
                "reminded_days": step_at((required_on - day_in(giver.organization.time_zone, at)).days),
                "set_by_id": giver.user_id,
                "set_at": at,
            },
        )
        facts = {"roles": sorted(wanted), "required_on": required_on.isoformat()}
        _tell("second_factor.required", giver, facts, actor, at)
    return policy


def lift_second_factor(*, organization_id: int, setter: Membership, actor: Actor, at: datetime) -> None:
    """Stop demanding a second factor. Publishes `second_factor.lifted`, unless none was demanded.

    :raises RoleOutOfReach: it is demanded of a role that the setter cannot give.
    """
    with tenant_scope(organization_id), transaction.atomic():
        giver = _lock(organization_id, setter)
        present = SecondFactorPolicy.objects.filter(organization_id=organization_id).first()
        if present is None:
            return
        _check_reach(giver, present, set(), None)
        present.delete()
        _tell("second_factor.lifted", giver, {"roles": present.roles}, actor, at)


def _lock(organization_id: int, setter: Membership) -> Membership:
    lock_members(organization_id=organization_id)
    # As it is now: the setter's own role may have changed while this one waited.
    member = get_member(organization_id=organization_id, membership_id=setter.pk)
    member.organization = setter.organization
    return member


def _check_reach(
    giver: Membership, present: SecondFactorPolicy | None, wanted: set[str], required_on: date | None
) -> None:
    """Let through what touches only roles that the giver may give; another day touches all of them."""
    before = set(present.roles) if present is not None else set()
    has_same_day = present is not None and present.required_on == required_on
    touched = before ^ wanted if has_same_day else before | wanted
    if not GIVES[giver.role].issuperset(touched):
        raise RoleOutOfReach


def _check_day(
    giver: Membership, present: SecondFactorPolicy | None, required_on: date, at: datetime
) -> None:
    today = day_in(giver.organization.time_zone, at)
    is_kept = present is not None and present.required_on == required_on
    if not is_kept and not today <= required_on <= today + LONGEST_GRACE:
        raise DayOutOfRange


def _tell(name: str, giver: Membership, facts: dict[str, Any], actor: Actor, at: datetime) -> None:
    organization_id = giver.organization_id
    record_audit(
        organization_id=organization_id, name=name, actor=actor, at=at, subject=giver.organization, **facts
    )
    publish(
        name, organization_id=organization_id, payload={**facts, "by": actor.name or giver.user.name}, at=at
    )
