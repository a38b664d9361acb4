"""Change what a member is."""

from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.scope import tenant_scope
from manager.outbox.publish import publish
from organizations.access.locks import lock_members
from organizations.access.models import Grant
from organizations.access.roles import UNRESTRICTED, Role
from organizations.audit.services import record_audit
from organizations.members.models import Membership
from organizations.members.rules import (
    check_billing_givable,
    check_role_givable,
    keep_one_representative,
)
from organizations.members.selectors import get_member
from organizations.summaries.services import note_representatives


def change_role(
    *,
    organization_id: int,
    membership_id: int,
    role: str,
    has_billing: bool,
    changer: Membership,
    actor: Actor,
    at: datetime,
) -> Membership:
    """Give a member another role or billing right (ORG-8). Grants end with a role that sees everything.

    Publishes `membership.role_changed`, unless nothing changes.

    :raises NotFound: no such member in this organization.
    :raises RoleNotGivable: the old or the new role is above the changer.
    :raises BillingNotGivable: the changer has no billing right to give.
    :raises LastRepresentative: no legal representative would be left (ORG-9).
    """
    with tenant_scope(organization_id), transaction.atomic():
        lock_members(organization_id=organization_id)
        member = get_member(organization_id=organization_id, membership_id=membership_id)
        before = {"role": member.role, "has_billing": member.has_billing}
        after = {"role": str(role), "has_billing": has_billing}
        if before == after:
            return member
        # As it is now: the changer's own role may have changed while this one waited.
        giver = get_member(organization_id=organization_id, membership_id=changer.pk)
        check_role_givable(giver=giver, roles={member.role, role})
        if has_billing and not member.has_billing:
            check_billing_givable(giver=giver)
        if member.role == Role.LEGAL_REPRESENTATIVE and role != Role.LEGAL_REPRESENTATIVE:
            keep_one_representative(organization_id=organization_id, without={member.pk})
        member.role = role
        member.has_billing = has_billing
        member.save(update_fields=["role", "has_billing"])
        if role in UNRESTRICTED:
            grants = Grant.objects.filter(
                organization_id=organization_id, membership_id=member.pk, ended_at=None
            )
            grants.update(ended_at=at, ended_by_id=actor.user_id)
        note_representatives(organization_id=organization_id)
        record_audit(
            organization_id=organization_id,
            name="membership.role_changed",
            actor=actor,
            at=at,
            subject=member.user,
            before=before,
            after=after,
        )
        publish(
            "membership.role_changed",
            organization_id=organization_id,
            payload={
                "membership": member.pk,
                "user": member.user_id,
                "changed_by": actor.name,
                "before": before,
                "after": after,
            },
            at=at,
        )
    return member
