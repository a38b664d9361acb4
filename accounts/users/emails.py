"""Mails to a person alone, in his or her language and time zone."""

import hashlib
from typing import Any

from django.utils import timezone

from accounts.users.models import User
from manager.outbox.mails import queue_mail
from manager.outbox.models import OutboxEvent


def queue_mail_to(
    user: User, *, template: str, event: OutboxEvent, recipient: str | None = None, **context: Any
) -> None:
    """Queue the mail `template` about `event`; `when` is the event's instant, shown in the person's zone.

    It goes to where the person reads mails, or to `recipient`, another address of the same person. The
    same template goes to each address once.
    """
    address = user.mail_address if recipient is None else recipient
    if not address:
        return
    key = f"{event.id}:{template}:{user.pk}"
    if recipient is not None:
        key += f":{hashlib.sha256(recipient.encode()).hexdigest()[:16]}"
    with timezone.override(user.time_zone):
        queue_mail(
            template=template,
            recipient=address,
            language=user.language,
            context={"user": user, "when": event.created_at, **context},
            dedupe_key=key,
            organization_id=0,
            at=event.created_at,
        )
