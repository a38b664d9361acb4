"""Send an invitation again."""

from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.scope import tenant_scope
from organizations.access.locks import lock_members
from organizations.members.models import Invitation, Membership
from organizations.members.rules import check_billing_givable, check_role_givable
from organizations.members.selectors import get_member, get_open_invitation
from organizations.members.services.invite import send_invitation


def resend_invitation(
    *, organization_id: int, invitation_id: int, inviter: Membership, actor: Actor, at: datetime
) -> Invitation:
    """Mail an open invitation again: seven new days and a new link; the old one ends (ORG-7).

    :raises NotFound: it is not open in this organization.
    :raises RoleNotGivable: its role is above the one who sends it again.
    :raises BillingNotGivable: it gives a billing right that the sender does not have.
    """
    with tenant_scope(organization_id), transaction.atomic():
        lock_members(organization_id=organization_id)
        # As it is now: the sender's own role may have changed while this one waited.
        giver = get_member(organization_id=organization_id, membership_id=inviter.pk)
        invitation = get_open_invitation(
            organization_id=organization_id, invitation_id=invitation_id, lock=True
        )
        check_role_givable(giver=giver, roles={invitation.role})
        if invitation.has_billing:
            check_billing_givable(giver=giver)
        return send_invitation(invitation=invitation, actor=actor, inviter_id=inviter.user_id, at=at)
