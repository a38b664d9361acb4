"""Handlers of the outbox tests: they write mails, as real ones do, and fail when told to."""

from manager.outbox.models import OutboxEvent, OutgoingMail


def write_mail(event: OutboxEvent) -> None:
    """Store one mail of the event."""
    OutgoingMail.objects.create(
        dedupe_key=f"{event.id}:write",
        organization_id=event.organization_id,
        recipient="anna@example.org",
        language="en",
        template="test",
        created_at=event.created_at,
        due_at=event.created_at,
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
