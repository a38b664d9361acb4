"""Mails about disputes, to the staff who look after them."""

from django.urls import reverse

from billing.disputes.models import Dispute
from billing.disputes.selectors import list_staff
from manager.outbox.mails import queue_mail
from manager.outbox.models import OutboxEvent


def mail_staff(*, event: OutboxEvent, dispute: Dispute) -> None:
    """Queue the mail about a dispute that was opened or decided, once for each member of the staff."""
    for person in list_staff():
        queue_mail(
            template="dispute_changed",
            recipient=person.email,
            language=person.language,
            context={
                "dispute": dispute,
                "status": event.payload["status"],
                "organization": dispute.organization,
                "invoice": dispute.attempt.invoice,
                "person": person,
                "dispute_path": reverse("billing:staff_dispute", args=[dispute.pk]),
            },
            dedupe_key=f"{event.id}:{person.pk}",
            organization_id=dispute.organization_id,
            at=event.created_at,
        )
