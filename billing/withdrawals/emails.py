"""Mails about withdrawals."""

from django.urls import reverse

from billing.receivers.mailing import mail_billing
from billing.withdrawals.models import Withdrawal
from manager.outbox.models import OutboxEvent


def email_withdrawal(*, event: OutboxEvent, withdrawal: Withdrawal) -> None:
    """Queue a mail about what a withdrawal has become, as the event tells it."""
    mail_billing(
        template="withdrawal",
        organization=withdrawal.organization,
        message=None,
        key=event.id,
        context={
            "withdrawal": withdrawal,
            "status": event.payload["status"],
            "path": reverse("billing:withdrawals", args=[withdrawal.organization_id]),
        },
        at=event.created_at,
    )
