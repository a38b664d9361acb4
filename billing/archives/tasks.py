"""What follows from a file that is ready."""

from accounts.users.models import User
from billing.archives.emails import email_ready
from billing.archives.models import PeriodArchive
from manager.outbox.models import OutboxEvent


def email_archive_ready(event: OutboxEvent) -> None:
    """Tell who asked for a large file that it can be taken; of a small one the page has told already."""
    if not event.payload["is_large"]:
        return
    rows = PeriodArchive.objects.filter(organization_id=event.organization_id, pk=event.payload["archive"])
    archive = rows.select_related("organization").first()
    if archive is None or archive.asked_by is None:
        return
    user = User.objects.filter(pk=archive.asked_by, is_active=True).first()
    if user is not None:
        email_ready(event=event, archive=archive, user=user)
