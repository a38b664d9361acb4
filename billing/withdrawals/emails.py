"""Mails about withdrawals."""

from django.urls import reverse

from billing.withdrawals.models import Withdrawal
from manager.outbox.mails import queue_mail
from manager.outbox.models import OutboxEvent
from organizations.members.selectors import list_billing_contacts


def email_withdrawal(*, event: OutboxEvent, withdrawal: Withdrawal) -> None:
    """Queue a mail about what a withdrawal has become, as the event tells it."""
    for contact in list_billing_contacts(organization_id=withdrawal.organization_id):
        queue_mail(
            template="withdrawal",
            recipient=contact.email,
            language=contact.language,
            context={
                "contact": contact,
                "organization": withdrawal.organization,
                "withdrawal": withdrawal,
                "status": event.payload["status"],
                "path": reverse("billing:withdrawals", args=[withdrawal.organization_id]),
            },
            dedupe_key=f"{event.id}:{contact.user_id}",
            organization_id=withdrawal.organization_id,
            at=event.created_at,
        )
