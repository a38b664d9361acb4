"""What follows from the end of an organization on this floor: a mail."""

from manager.outbox.models import OutboxEvent
from organizations.deletion.emails import mail_deleted


def email_organization_deleted(event: OutboxEvent) -> None:
    """Confirm the deletion to who asked for it."""
    mail_deleted(
        facts=event.payload,
        organization_id=event.organization_id,
        dedupe_key=str(event.pk),
        at=event.created_at,
    )
