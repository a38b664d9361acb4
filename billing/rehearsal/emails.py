"""The mail about charges that will fail."""

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse

from billing.rehearsal.selectors import Problem
from manager.outbox.mails import queue_mail
from organizations.members.selectors import list_billing_contacts
from organizations.profile.models import Organization


def mail_problems(*, organization: Organization, problems: Sequence[Problem], key: str, at: datetime) -> None:
    """Queue one mail per contact, in the contact's language, about all problems together."""
    for contact in list_billing_contacts(organization_id=organization.pk):
        queue_mail(
            template="rehearsal_found",
            recipient=contact.email,
            language=contact.language,
            context={
                "organization": organization,
                "contact": contact,
                "problems": problems,
                "renewals_path": reverse("billing:renewals", args=[organization.pk]),
            },
            dedupe_key=f"rehearsal:{key}:{contact.user_id}",
            organization_id=organization.pk,
            at=at,
        )
