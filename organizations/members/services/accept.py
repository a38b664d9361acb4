"""Accept an invitation."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.users.models import User
from manager.kit.actor import Actor
from manager.kit.errors import DomainError, NotFound
from manager.kit.scope import tenant_scope
from manager.outbox.publish import publish
from organizations.access.locks import lock_members
from organizations.audit.services import record_audit
from organizations.members.models import Invitation, Membership
from organizations.members.selectors import get_invitation_by_key
from organizations.members.services.gifts import hand_over
from organizations.summaries.services import note_representatives


class InvitationExpired(DomainError):
    """The seven days are over."""

    code = "invitation_expired"
    status = 410
    message = _("This invitation has expired. Please ask for a new one.")


class InvitationForAnother(DomainError):
    """The invitation is bound to another address than the person's login."""

    code = "invitation_for_another"
    status = 403
    message = _("This invitation was sent to another address. Please sign in with that address.")


def accept_invitation(*, key: str, user: User, actor: Actor, at: datetime) -> Membership:
    """Make `user` a member as the invitation says (ORG-7); accepting again changes nothing.

    `key` is what the mailed link carries. Publishes `invitation.accepted`.

    :raises NotFound: there is no such invitation, or it was withdrawn or used by another.
    :raises InvitationExpired: it is older than seven days.
    :raises OrganizationDeleted: the organization was deleted at this moment.
    :raises InvitationForAnother: the user's login is not the invited address.
    """
    found = get_invitation_by_key(key=key)
    with tenant_scope(found.organization_id, user.pk), transaction.atomic():
        # The organization first, as everybody else does who changes members.
        lock_members(organization_id=found.organization_id)
        invitation = Invitation.objects.select_for_update().get(pk=found.pk)
        if invitation.email != user.email:
            raise InvitationForAnother
        existing = Membership.objects.filter(
            organization_id=invitation.organization_id, user_id=user.pk
        ).first()
        if invitation.accepted_at is not None and existing is not None:
            return existing
        check_acceptable(invitation, at)
        invitation.accepted_at = at
        invitation.save(update_fields=["accepted_at"])
        membership = existing or Membership.objects.create(
            organization_id=invitation.organization_id,
            user=user,
            role=invitation.role,
            has_billing=invitation.has_billing,
            topics=invitation.topics,
            created_at=at,
        )
        hand_over(invitation=invitation, membership=membership, actor=actor, at=at)
        note_representatives(organization_id=invitation.organization_id)
        _tell(invitation, membership, actor, at)
    return membership


def check_acceptable(invitation: Invitation, at: datetime) -> None:
    """Let an invitation pass that can be accepted at `at`.

    :raises NotFound: it was accepted or withdrawn.
    :raises InvitationExpired: it is older than seven days.
    """
    if invitation.accepted_at is not None or invitation.withdrawn_at is not None:
        raise NotFound
    if at >= invitation.expires_at:
        raise InvitationExpired


def _tell(invitation: Invitation, membership: Membership, actor: Actor, at: datetime) -> None:
    record_audit(
        organization_id=invitation.organization_id,
        name="invitation.accepted",
        actor=actor,
        at=at,
        subject=invitation,
        email=invitation.email,
        role=membership.role,
    )
    publish(
        "invitation.accepted",
        organization_id=invitation.organization_id,
        payload={
            "invitation": invitation.pk,
            "membership": membership.pk,
            "user": membership.user_id,
        },
        at=at,
    )
