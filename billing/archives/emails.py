"""The mail that a large file can be taken."""

from django.urls import reverse

from accounts.users.models import User
from billing.archives.models import PeriodArchive
from manager.outbox.mails import queue_mail
from manager.outbox.models import OutboxEvent


def email_ready(*, event: OutboxEvent, archive: PeriodArchive, user: User) -> None:
    """Queue the mail to who asked for the file, in the person's language, once per event."""
    queue_mail(
        template="period_archive_ready",
        recipient=user.email,
        language=user.language,
        context={
            "name": user.name,
            "archive": archive,
            "organization": archive.organization,
            "path": reverse("billing:archive", args=[archive.organization_id, archive.pk]),
        },
        dedupe_key=str(event.id),
        organization_id=archive.organization_id,
        at=event.created_at,
    )
