"""How members leave everything when their account is closed (ACC-15)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.closing.departures import Condition, Departure
from accounts.users.models import User
from manager.kit.actor import Actor
from manager.kit.scope import person_scope, tenant_scope
from organizations.access.roles import Role
from organizations.members.models import Membership
from organizations.members.selectors import list_memberships_of
from organizations.members.services.leave import leave_organization


def _memberships(user: User) -> list[Membership]:
    with person_scope(user.pk):
        return list(list_memberships_of(user=user))


def _conditions(user: User, at: datetime) -> Sequence[Condition]:
    alone = [membership for membership in _memberships(user) if _is_last_representative(membership)]
    if not alone:
        return [
            Condition(
                label=_("Every organization keeps a legal representative"),
                met=True,
                detail=_("You are not the only legal representative of any organization."),
            )
        ]
    return [
        Condition(
            label=_("%(organization)s keeps a legal representative")
            % {"organization": one.organization.name},
            met=False,
            detail=_("You are the only one. Name another legal representative, or delete the organization."),
            url=reverse("organizations:members", args=[one.organization_id]),
            action_label=_("See the members"),
        )
        for one in alone
    ]


def _is_last_representative(membership: Membership) -> bool:
    if membership.role != Role.LEGAL_REPRESENTATIVE:
        return False
    with tenant_scope(membership.organization_id):
        others = Membership.objects.filter(
            organization_id=membership.organization_id, role=Role.LEGAL_REPRESENTATIVE
        )
        return not others.exclude(pk=membership.pk).exists()


def _leave(user: User, actor: Actor, at: datetime) -> None:
    """Leave each organization under its lock; the last legal representative is refused there (ORG-9)."""
    for membership in sorted(_memberships(user), key=lambda one: one.organization_id):
        leave_organization(membership=membership, actor=actor, at=at)


def _export(user: User) -> dict[str, Any]:
    return {
        "memberships": [
            {
                "organization": one.organization.name,
                "role": one.role,
                "has_billing": one.has_billing,
                "since": one.created_at,
                "last_used_at": one.last_used_at,
            }
            for one in _memberships(user)
        ]
    }


DEPARTURE = Departure(conditions=_conditions, leave=_leave, export=_export)
