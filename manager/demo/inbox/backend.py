"""The demonstration's mail server: it keeps what it is given."""

from collections.abc import Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from manager.demo.inbox.models import InboxAttachment, InboxMessage
from manager.kit.clock import now


class InboxBackend(BaseEmailBackend):
    """Store each message once for each recipient; a repeated Message-ID changes nothing."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Store the messages; return how many were taken."""
        for message in email_messages:
            for recipient in message.recipients():
                _store(message, recipient)
        return len(email_messages)


@transaction.atomic
def _store(message: EmailMessage, recipient: str) -> None:
    html = ""
    if isinstance(message, EmailMultiAlternatives):
        html = next(
            (str(content) for content, mime_type in message.alternatives if mime_type == "text/html"), ""
        )
    stored, is_new = InboxMessage.objects.get_or_create(
        message_id=f"{message.extra_headers.get('Message-ID', id(message))} {recipient}"[:200],
        defaults={
            "recipient": recipient,
            "subject": message.subject[:250],
            "text": str(message.body),
            "html": html,
            "language": message.extra_headers.get("Content-Language", ""),
            "received_at": now(),
        },
    )
    if is_new:
        InboxAttachment.objects.bulk_create(
            InboxAttachment(message=stored, name=name, mime_type=mime_type, content=content)
            for name, content, mime_type in message.attachments
        )
