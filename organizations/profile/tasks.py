"""What follows from events of an organization's sheet: mails."""

from manager.outbox.models import OutboxEvent
from organizations.profile.emails import mail_vat_refused
from organizations.profile.models import Organization


def email_vat_refused(event: OutboxEvent) -> None:
    """Tell of a VAT number that its register does not know, unless it was changed meanwhile."""
    organization = Organization.objects.get(pk=event.organization_id)
    if organization.vat_number != event.payload["number"] or organization.deleted_at:
        return
    mail_vat_refused(
        organization=organization,
        number=organization.vat_number,
        dedupe_key=str(event.pk),
        at=event.created_at,
    )
