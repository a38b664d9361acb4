"""The demonstration's sender of text messages: they lie in the inbox beside the mails."""

from manager.demo.inbox.models import InboxMessage
from manager.kit.clock import now


class InboxSender:
    """Keep each message once; a repeated reference changes nothing."""

    def send(self, *, recipient: str, text: str, reference: str) -> None:
        """Store the message."""
        InboxMessage.objects.get_or_create(
            message_id=f"sms {reference}",
            defaults={
                "recipient": recipient,
                "subject": " ".join(text.split())[:250],
                "text": text,
                "is_sms": True,
                "received_at": now(),
            },
        )
