"""Remove members."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.errors import NotFound
from manager.kit.scope import tenant_scope
from manager.outbox.publish import publish
from organizations.access.locks import lock_members
from organizations.audit.services import record_audit
from organizations.members.models import Membership
from organizations.members.rules import check_role_givable, keep_one_representative
from organizations.members.selectors import get_member
from organizations.summaries.services import note_representatives


def remove_members(
    *,
    organization_id: int,
    membership_ids: Collection[int],
    remover: Membership,
    actor: Actor,
    at: datetime,
) -> list[Membership]:
    """Remove members at once, all of them or none (ORG-10). Their logins stay.

    Publishes `membership.removed` for each.

    :raises NotFound: one of them is no member of this organization.
    :raises RoleNotGivable: one of them is above the remover.
    :raises LastRepresentative: no legal representative would be left (ORG-9).
    """
    with tenant_scope(organization_id), transaction.atomic():
        lock_members(organization_id=organization_id)
        giver = get_member(organization_id=organization_id, membership_id=remover.pk)
        members = list(
            Membership.objects.select_related("user")
            .filter(organization_id=organization_id, pk__in=membership_ids)
            .order_by("pk")
        )
        if not members or len(members) != len(set(membership_ids)):
            raise NotFound
        check_role_givable(giver=giver, roles={member.role for member in members})
        keep_one_representative(organization_id=organization_id, without=[member.pk for member in members])
        for member in members:
            end_membership(membership=member, actor=actor, at=at)
        note_representatives(organization_id=organization_id)
    return members


def end_membership(*, membership: Membership, actor: Actor, at: datetime) -> None:
    """Delete a membership with its grants, write it down and publish it; in a locked transaction."""
    record_audit(
        organization_id=membership.organization_id,
        name="membership.removed",
        actor=actor,
        at=at,
        subject=membership.user,
        role=membership.role,
    )
    publish(
        "membership.removed",
        organization_id=membership.organization_id,
        payload={
            "membership": membership.pk,
            "user": membership.user_id,
            "by_own_will": actor.user_id == membership.user_id,
            "changed_by": actor.name,
        },
        at=at,
    )
    membership.delete()
