"""What follows from events of disputes. Repeating one changes nothing."""

from billing.disputes.emails import mail_staff
from billing.disputes.models import Dispute
from manager.outbox.models import OutboxEvent


def email_staff(event: OutboxEvent) -> None:
    """On `dispute.opened` and `dispute.closed`: tell the staff who look after disputes."""
    dispute = Dispute.objects.select_related("organization", "attempt__invoice").get(
        organization_id=event.organization_id, pk=event.payload["dispute"]
    )
    mail_staff(event=event, dispute=dispute)
