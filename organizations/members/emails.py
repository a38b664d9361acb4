"""The mails about invitations and memberships."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation

from accounts.users.models import User
from manager.outbox.mails import queue_mail
from organizations.access.roles import Role
from organizations.members.models import Invitation
from organizations.members.secrets import invitation_key
from organizations.members.selectors import Contact, contact_of
from organizations.profile.models import Organization


def mail_invitation(*, invitation: Invitation, dedupe_key: str, at: datetime) -> None:
    """Mail the link to the invited address, in the organization's language."""
    organization = invitation.organization
    with translation.override(organization.language):
        role = str(Role(invitation.role).label)
    queue_mail(
        template="invitation_sent",
        recipient=invitation.email,
        language=organization.language,
        context={
            "organization": organization.name,
            "invited_by": invitation.invited_by.name,
            "role": role,
            "has_billing": invitation.has_billing,
            "expires_at": invitation.expires_at,
            "path": reverse("organizations:accept_invitation", args=[invitation_key(invitation)]),
        },
        dedupe_key=dedupe_key,
        organization_id=organization.pk,
        at=at,
    )


def mail_contact(
    *,
    template: str,
    organization: Organization,
    contact: Contact,
    facts: dict[str, Any],
    dedupe_key: str,
    at: datetime,
) -> None:
    """Mail `facts` about the organization to one person, once for a `dedupe_key`.

    In the person's language, with times in the organization's zone (`zone` in the template).
    """
    zone = organization.time_zone
    with timezone.override(zone):
        queue_mail(
            template=template,
            recipient=contact.email,
            language=contact.language,
            context={"name": contact.name, "organization": organization.name, "zone": zone, **facts},
            dedupe_key=f"{dedupe_key}:{contact.user_id}",
            organization_id=organization.pk,
            at=at,
        )


def mail_role_changed(
    *, organization: Organization, user: User, payload: dict[str, Any], dedupe_key: str, at: datetime
) -> None:
    """Mail the member what changed (ORG-8)."""
    before, after = payload["before"], payload["after"]
    with translation.override(user.language):
        roles = {name: str(Role(state["role"]).label) for name, state in (("old", before), ("new", after))}
    mail_contact(
        template="membership_role_changed",
        organization=organization,
        contact=contact_of(user),
        facts={
            "changed_by": payload["changed_by"],
            "old_role": roles["old"],
            "new_role": roles["new"],
            "had_billing": before["has_billing"],
            "has_billing": after["has_billing"],
            "path": reverse("shell:home", args=[organization.pk]),
        },
        dedupe_key=dedupe_key,
        at=at,
    )


def mail_removed(
    *, organization: Organization, user: User, payload: dict[str, Any], dedupe_key: str, at: datetime
) -> None:
    """Mail the person that the membership has ended (ORG-10)."""
    mail_contact(
        template="membership_removed",
        organization=organization,
        contact=contact_of(user),
        facts={
            "changed_by": payload["changed_by"],
            "by_own_will": payload["by_own_will"],
            "path": reverse("organizations:mine"),
        },
        dedupe_key=dedupe_key,
        at=at,
    )
