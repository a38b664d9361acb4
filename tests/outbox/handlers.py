"""Handlers of the outbox tests: they write mails, as real ones do, and fail when told to."""

from manager.outbox.mails import queue_mail
from manager.outbox.models import OutboxEvent


def write_mail(event: OutboxEvent) -> None:
    """Queue one mail of the event."""
    queue_mail(
        template="test",
        recipient="anna@example.org",
        language="en",
        context={"word": event.payload.get("word", "")},
        dedupe_key=f"{event.id}:write",
        organization_id=event.organization_id,
        at=event.created_at,
    )


def write_mail_then_fail(event: OutboxEvent) -> None:
    """Queue a mail and raise, so that the mail must not stay."""
    write_mail(event)
    raise RuntimeError("refused by the test")


def write_mail_then_die(event: OutboxEvent) -> None:
    """Queue a mail and end the process at once, as a killed worker does."""
    import os
    import signal

    write_mail(event)
    os.kill(os.getpid(), signal.SIGKILL)
