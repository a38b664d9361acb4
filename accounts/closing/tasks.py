"""The last mail to a person."""

from django.utils import timezone

from manager.outbox.mails import queue_mail
from manager.outbox.models import OutboxEvent


def email_account_closed(event: OutboxEvent) -> None:
    """Confirm that the account is closed, at the address that it had (ACC-15)."""
    facts = event.payload
    if not facts["email"]:
        return
    with timezone.override(facts["time_zone"]):
        queue_mail(
            template="account_closed",
            recipient=facts["email"],
            language=facts["language"],
            context={"name": facts["name"], "when": event.created_at, "zone": facts["time_zone"]},
            dedupe_key=f"{event.id}:account_closed",
            organization_id=0,
            at=event.created_at,
        )
