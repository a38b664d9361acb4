"""Invite people by mail."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.users.addresses import normalize_email
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.scope import tenant_scope
from manager.outbox.publish import publish
from organizations.access.locks import lock_members
from organizations.audit.services import record_audit
from organizations.members.models import Invitation, Membership
from organizations.members.rules import check_billing_givable, check_role_givable
from organizations.members.secrets import seal
from organizations.members.selectors import get_member, open_invitations
from organizations.members.services.gifts import Gifts, check_gifts, place_in_teams

LASTS = timedelta(days=7)
MOST_AT_ONCE = 20
MOST_OPEN = 100


class AlreadyMember(DomainError):
    """Someone with that address is a member."""

    code = "already_member"
    status = 409
    field = "emails"


class TooManyInvitations(DomainError):
    """The organization has too many open invitations."""

    code = "too_many_invitations"
    status = 409
    field = "emails"
    message = _("There are too many open invitations. Please withdraw some first.")


def invite_members(
    *,
    organization_id: int,
    emails: Sequence[str],
    role: str,
    has_billing: bool,
    inviter: Membership,
    actor: Actor,
    at: datetime,
    gifts: Gifts | None = None,
) -> list[Invitation]:
    """Invite each address into the organization for seven days (ORG-7); all of them or none.

    `gifts` are the products, teams and mails that come with the membership. An address with an open
    invitation gets that one again, with the new role and gifts and a new link. Publishes `invitation.sent`
    for each.

    :raises RoleNotGivable: the role is above the inviter's.
    :raises BillingNotGivable: the inviter has no billing right to give.
    :raises AlreadyMember: one of the addresses belongs to a member.
    :raises TooManyInvitations: more than a hundred would be open.
    :raises NotFound: the inviter is no member any more.
    :raises UnknownGift: a product, family or team is not there.
    """
    gifts = gifts or Gifts()
    wanted = list(dict.fromkeys(normalize_email(email) for email in emails))
    with tenant_scope(organization_id), transaction.atomic():
        lock_members(organization_id=organization_id)
        # As it is now: the inviter's own role may have changed while this one waited.
        giver = get_member(organization_id=organization_id, membership_id=inviter.pk)
        check_role_givable(giver=giver, roles={role})
        if has_billing:
            check_billing_givable(giver=giver)
        check_gifts(organization_id=organization_id, gifts=gifts)
        _refuse_members(organization_id, wanted)
        waiting = {
            invitation.email: invitation
            for invitation in open_invitations(organization_id=organization_id).select_for_update()
        }
        if len(waiting.keys() | set(wanted)) > MOST_OPEN:
            raise TooManyInvitations
        invitations = []
        for email in wanted:
            invitation = waiting.get(email) or Invitation(organization_id=organization_id, email=email)
            invitation.role, invitation.has_billing = role, has_billing
            invitation.topics = None if gifts.topics is None else sorted(gifts.topics)
            invitation.grants = gifts.grants_for(role)
            send_invitation(invitation=invitation, actor=actor, inviter_id=inviter.user_id, at=at)
            place_in_teams(invitation=invitation, team_ids=gifts.team_ids)
            invitations.append(invitation)
        return invitations


def send_invitation(*, invitation: Invitation, actor: Actor, inviter_id: int, at: datetime) -> Invitation:
    """Store `invitation` with a new end and a new link, and let it be mailed; in a transaction."""
    invitation.invited_by_id = inviter_id
    invitation.created_at = invitation.created_at or at
    invitation.expires_at = at + LASTS
    seal(invitation)
    invitation.save()
    record_audit(
        organization_id=invitation.organization_id,
        name="invitation.sent",
        actor=actor,
        at=at,
        subject=invitation,
        email=invitation.email,
        role=invitation.role,
        has_billing=invitation.has_billing,
    )
    publish(
        "invitation.sent",
        organization_id=invitation.organization_id,
        payload={"invitation": invitation.pk, "expires_at": invitation.expires_at.isoformat()},
        at=at,
    )
    return invitation


def _refuse_members(organization_id: int, emails: Sequence[str]) -> None:
    members = Membership.objects.filter(organization_id=organization_id, user__email__in=emails)
    if taken := sorted(members.values_list("user__email", flat=True)):
        raise AlreadyMember(
            _("Already a member: %(addresses)s") % {"addresses": ", ".join(taken)}, addresses=taken
        )
