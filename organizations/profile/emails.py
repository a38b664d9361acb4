"""The mails about an organization's sheet."""

from datetime import datetime

from django.urls import reverse

from manager.outbox.mails import queue_mail
from organizations.members.selectors import list_billing_contacts
from organizations.profile.models import Organization


def mail_vat_refused(*, organization: Organization, number: str, dedupe_key: str, at: datetime) -> None:
    """Tell the billing contacts that the register does not know the VAT number."""
    for contact in list_billing_contacts(organization_id=organization.pk):
        queue_mail(
            template="vat_number_refused",
            recipient=contact.email,
            language=contact.language,
            context={
                "name": contact.name,
                "organization": organization.name,
                "number": number,
                "path": reverse("organizations:settings", args=[organization.pk]),
            },
            dedupe_key=f"{dedupe_key}:{contact.user_id}",
            organization_id=organization.pk,
            at=at,
        )
