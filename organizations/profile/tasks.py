"""What follows from events of an organization's sheet: mails."""

from django.urls import reverse

from manager.outbox.models import OutboxEvent
from organizations.profile.emails import mail_vat_refused
from organizations.profile.models import Organization
from organizations.profile.vat_checks import further_numbers


def email_vat_refused(event: OutboxEvent) -> None:
    """Tell of a VAT number that its register does not know, unless it was changed meanwhile."""
    organization = Organization.objects.get(pk=event.organization_id)
    number = event.payload["number"]
    is_own = number == organization.vat_number
    if organization.deleted_at or not (is_own or number in further_numbers(organization.pk)):
        return
    mail_vat_refused(
        organization=organization,
        number=number,
        path=reverse(
            "organizations:settings" if is_own else "billing:billing_addresses", args=[organization.pk]
        ),
        dedupe_key=str(event.pk),
        at=event.created_at,
    )
