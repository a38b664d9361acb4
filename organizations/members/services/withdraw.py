"""Withdraw an invitation."""

from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.scope import tenant_scope
from organizations.audit.services import record_audit
from organizations.members.models import Invitation
from organizations.members.selectors import get_open_invitation


def withdraw_invitation(
    *, organization_id: int, invitation_id: int, actor: Actor, at: datetime
) -> Invitation:
    """End an open invitation, so that its link leads nowhere (ORG-7).

    :raises NotFound: it is not open in this organization.
    """
    with tenant_scope(organization_id), transaction.atomic():
        invitation = get_open_invitation(
            organization_id=organization_id, invitation_id=invitation_id, lock=True
        )
        invitation.withdrawn_at = at
        invitation.save(update_fields=["withdrawn_at"])
        record_audit(
            organization_id=organization_id,
            name="invitation.withdrawn",
            actor=actor,
            at=at,
            subject=invitation,
            email=invitation.email,
        )
    return invitation
