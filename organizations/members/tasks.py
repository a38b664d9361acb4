"""What follows from events of members and invitations: mails."""

from accounts.users.selectors import get_user
from manager.outbox.models import OutboxEvent
from organizations.members.emails import mail_invitation, mail_removed, mail_role_changed
from organizations.members.models import Invitation
from organizations.profile.models import Organization


def email_invitation_sent(event: OutboxEvent) -> None:
    """Mail the link of an invitation, unless it was withdrawn, accepted or sent again meanwhile."""
    invitation = (
        Invitation.objects.select_related("organization", "invited_by")
        .filter(
            organization_id=event.organization_id,
            pk=event.payload["invitation"],
            accepted_at=None,
            withdrawn_at=None,
        )
        .first()
    )
    if invitation is None or invitation.expires_at.isoformat() != event.payload["expires_at"]:
        return
    mail_invitation(invitation=invitation, dedupe_key=str(event.pk), at=event.created_at)


def email_membership_role_changed(event: OutboxEvent) -> None:
    """Mail the member a summary of the new role."""
    mail_role_changed(
        organization=Organization.objects.get(pk=event.organization_id),
        user=get_user(user_id=event.payload["user"]),
        payload=event.payload,
        dedupe_key=str(event.pk),
        at=event.created_at,
    )


def email_membership_removed(event: OutboxEvent) -> None:
    """Mail the person that the membership has ended."""
    mail_removed(
        organization=Organization.objects.get(pk=event.organization_id),
        user=get_user(user_id=event.payload["user"]),
        payload=event.payload,
        dedupe_key=str(event.pk),
        at=event.created_at,
    )
