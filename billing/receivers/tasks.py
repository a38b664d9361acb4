"""What follows from events about receivers: the mail that asks, and the end with the organization."""

from billing.receivers.emails import mail_question
from billing.receivers.models import BillingReceiver
from billing.receivers.services import forget_receivers
from billing.receivers.status import ReceiverStatus
from manager.outbox.models import OutboxEvent


def email_asked(event: OutboxEvent) -> None:
    """On `billing_receiver.asked`: mail the link, unless it was answered, removed or asked anew since."""
    row = (
        BillingReceiver.objects.select_related("organization")
        .filter(organization_id=event.organization_id, pk=event.payload["receiver"])
        .first()
    )
    if row is None or row.status != ReceiverStatus.WAITING:
        return
    if row.asked_at.isoformat() == event.payload["asked_at"]:
        mail_question(receiver=row, dedupe_key=str(event.pk), at=event.created_at)


def forget_deleted(event: OutboxEvent) -> None:
    """On `organization.deleted`: its receivers go with it."""
    forget_receivers(organization_id=event.organization_id)
