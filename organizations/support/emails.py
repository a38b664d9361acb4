"""The mail about support access."""

from datetime import datetime

from django.urls import reverse

from manager.outbox.mails import queue_mail
from organizations.members.selectors import Contact
from organizations.profile.models import Organization
from organizations.support.models import SupportGrant


def mail_support_given(
    *, organization: Organization, contact: Contact, grant: SupportGrant, dedupe_key: str, at: datetime
) -> None:
    """Tell who leads the organization what is open to support, until when, and where to end it."""
    queue_mail(
        template="support_access_given",
        recipient=contact.email,
        language=contact.language,
        context={
            "name": contact.name,
            "organization": organization.name,
            "kind": grant.kind,
            "given_by": grant.given_by.name,
            "reason": grant.reason,
            "until": grant.last_moment,
            "path": reverse("organizations:support_access", args=[organization.pk]),
        },
        dedupe_key=dedupe_key,
        organization_id=organization.pk,
        at=at,
    )
