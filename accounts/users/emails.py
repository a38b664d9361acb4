"""Mails to a person alone, in his or her language and time zone."""

from typing import Any

from django.utils import timezone

from accounts.users.models import User
from manager.outbox.mails import queue_mail
from manager.outbox.models import OutboxEvent


def queue_mail_to(user: User, *, template: str, event: OutboxEvent, **context: Any) -> None:
    """Queue the mail `template` about `event`; `when` is the event's instant, shown in the person's zone."""
    with timezone.override(user.time_zone):
        queue_mail(
            template=template,
            recipient=user.email,
            language=user.language,
            context={"user": user, "when": event.created_at, **context},
            dedupe_key=f"{event.id}:{template}:{user.pk}",
            organization_id=0,
            at=event.created_at,
        )
