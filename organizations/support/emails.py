"""The mails about support access."""

from datetime import datetime

from django.urls import reverse

from organizations.members.emails import mail_contact
from organizations.members.selectors import Contact
from organizations.profile.models import Organization
from organizations.support.models import SupportGrant


def mail_support_given(
    *, organization: Organization, contact: Contact, grant: SupportGrant, dedupe_key: str, at: datetime
) -> None:
    """Tell who leads the organization what is open to support, until when, and where to end it."""
    mail_contact(
        template="support_access_given",
        organization=organization,
        contact=contact,
        facts={
            "kind": grant.kind,
            "given_by": grant.given_by.name,
            "reason": grant.reason,
            "until": grant.last_moment,
            "path": reverse("organizations:support_access", args=[organization.pk]),
        },
        dedupe_key=dedupe_key,
        at=at,
    )


def mail_support_ended(
    *, organization: Organization, contact: Contact, grant: SupportGrant, dedupe_key: str, at: datetime
) -> None:
    """Tell who leads the organization that support access is over, and where to see what was done with it."""
    mail_contact(
        template="support_access_ended",
        organization=organization,
        contact=contact,
        facts={
            "kind": grant.kind,
            "reason": grant.reason,
            "path": reverse("organizations:support_access", args=[organization.pk]),
        },
        dedupe_key=dedupe_key,
        at=at,
    )
