"""The mails about an organization's sheet."""

from datetime import datetime

from django.urls import reverse

from organizations.members.emails import mail_contact
from organizations.members.selectors import list_billing_contacts
from organizations.profile.models import Organization


def mail_vat_refused(*, organization: Organization, number: str, dedupe_key: str, at: datetime) -> None:
    """Tell the billing contacts that the register does not know the VAT number."""
    for contact in list_billing_contacts(organization_id=organization.pk):
        mail_contact(
            template="vat_number_refused",
            organization=organization,
            contact=contact,
            facts={
                "number": number,
                "path": reverse("organizations:settings", args=[organization.pk]),
            },
            dedupe_key=dedupe_key,
            at=at,
        )
