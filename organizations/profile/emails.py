"""The mails about an organization's sheet."""

from datetime import datetime

from organizations.members.emails import mail_contact
from organizations.members.selectors import list_billing_contacts
from organizations.profile.models import Organization
from organizations.profile.vat_numbers import printed_vat_number


def mail_vat_refused(
    *, organization: Organization, number: str, path: str, dedupe_key: str, at: datetime
) -> None:
    """Tell the billing contacts that the register does not know the VAT number; `path` is where it stands."""
    for contact in list_billing_contacts(organization_id=organization.pk):
        mail_contact(
            template="vat_number_refused",
            organization=organization,
            contact=contact,
            facts={
                "number": printed_vat_number(number),
                "path": path,
            },
            dedupe_key=dedupe_key,
            at=at,
        )
