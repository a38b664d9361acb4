"""What follows from events about withdrawals: mails. Repeating one changes nothing."""

from billing.withdrawals.emails import email_withdrawal
from billing.withdrawals.models import Withdrawal
from manager.outbox.models import OutboxEvent


def email_news(event: OutboxEvent) -> None:
    """Tell the billing contacts that money is to be paid out, was, or has come back (BIL-7)."""
    withdrawal = Withdrawal.objects.select_related("organization").get(
        organization_id=event.organization_id, pk=event.payload["withdrawal"]
    )
    email_withdrawal(event=event, withdrawal=withdrawal)
