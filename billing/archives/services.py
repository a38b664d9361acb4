"""Ask for the file of a period, make it, and let go of old ones (BIL-19)."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction

from billing.archives.contents import NothingIssued, Period, count_contents, write_archive
from billing.archives.models import ArchivePart, PeriodArchive
from billing.documents.periodic import drain_documents
from manager.kit.actor import Actor
from manager.kit.nudge import nudge
from manager.kit.scope import tenant_scope
from manager.outbox.publish import publish
from organizations.audit.services import record_audit
from organizations.profile.models import Organization
from organizations.progress.services import begin_task, join_task

NAME = "archives"
"""The periodic work that makes the files."""
TASK = "invoice_archive"
KEPT = timedelta(days=7)
LEASE = timedelta(minutes=2)
PART_SIZE = 1_000_000
LARGE = 100
"""From so many documents on, a mail says that the file is ready."""


def ask_archive(
    *, organization: Organization, first: date, last: date, language: str, actor: Actor, at: datetime
) -> PeriodArchive:
    """Return the file of a period, which a worker makes at once; one that is still right is given back.

    :raises NothingIssued: no document was issued in the period.
    """
    contents = count_contents(Period(organization, first, last))
    if not contents.total:
        raise NothingIssued
    with transaction.atomic():
        Organization.objects.select_for_update().get(pk=organization.pk)
        same = PeriodArchive.objects.filter(
            organization_id=organization.pk, first=first, last=last, language=language, expires_at__gt=at
        )
        known = same.filter(total=contents.total).order_by("-id").first()
        if known is not None:
            join_task(organization_id=organization.pk, kind=TASK, subject_id=known.pk, actor=actor, at=at)
            return known
        nudge(NAME)
        archive = PeriodArchive.objects.create(
            organization=organization,
            first=first,
            last=last,
            language=language,
            asked_by=actor.user_id,
            asked_at=at,
            total=contents.total,
            lease_until=at,
            expires_at=at + KEPT,
        )
        begin_task(organization_id=organization.pk, kind=TASK, subject_id=archive.pk, actor=actor, at=at)
        record_audit(
            organization_id=organization.pk,
            name="archive.asked",
            actor=actor,
            at=at,
            subject=archive,
            first=first.isoformat(),
            last=last.isoformat(),
        )
        return archive


@dataclass
class _Writer:
    """Stores pieces of the file as parts of a convenient size, as long as the row is ours."""

    archive: PeriodArchive
    at: datetime
    position: int = 0
    size: int = 0
    waiting: bytearray = field(default_factory=bytearray)

    def add(self, piece: bytes, done: int) -> bool:
        """Take a piece; return False once another worker has taken the row over."""
        self.waiting += piece
        return len(self.waiting) < PART_SIZE or self.store(done)

    def store(self, done: int, *, is_last: bool = False) -> bool:
        """Write what waits as a part, and how far it is."""
        with tenant_scope(self.archive.organization_id), transaction.atomic():
            rows = PeriodArchive.objects.select_for_update().filter(
                organization_id=self.archive.organization_id, pk=self.archive.pk, fence=self.archive.fence
            )
            row = rows.filter(ready_at=None).first()
            if row is None:
                return False
            ArchivePart.objects.create(
                organization_id=row.organization_id,
                archive=row,
                position=self.position,
                content=bytes(self.waiting),
            )
            self.size += len(self.waiting)
            self.position += 1
            self.waiting.clear()
            row.done, row.size = done, self.size
            row.lease_until = None if is_last else self.at + LEASE
            if is_last:
                _finish(row, done, self.at)
            row.save()
        return True


def _finish(row: PeriodArchive, done: int, at: datetime) -> None:
    row.ready_at, row.total, row.expires_at = at, done, at + KEPT
    publish(
        "archive.ready",
        organization_id=row.organization_id,
        payload={"archive": row.pk, "is_large": done >= LARGE},
        at=at,
    )


def make_archive(*, archive: PeriodArchive, at: datetime) -> bool:
    """Make the file under the fence of `archive`; return whether it is ready.

    Documents that are not rendered yet are rendered first; as long as one cannot be, the row waits. What a
    killed worker left is begun anew. Memory holds one batch of documents and one part.
    """
    with tenant_scope(archive.organization_id):
        organization = Organization.objects.get(pk=archive.organization_id)
        period = Period(organization, archive.first, archive.last)
        is_complete = count_contents(period).is_complete
    if not is_complete:
        drain_documents(at=at)
    with tenant_scope(organization.pk):
        if not count_contents(period).is_complete:
            return False
        archive.parts.filter(organization_id=organization.pk).delete()
    writer = _Writer(archive, at)
    done = 0
    for piece, done in write_archive(period, language=archive.language):
        if not writer.add(piece, done):
            return False
    return writer.store(done, is_last=True)


def drop_expired(*, at: datetime) -> int:
    """Delete the files whose days are over, of all organizations; return how many."""
    over = PeriodArchive.objects.using("system").filter(expires_at__lte=at)
    ids = list(over.values_list("pk", flat=True)[:500])
    ArchivePart.objects.using("system").filter(archive_id__in=ids).delete()
    return PeriodArchive.objects.using("system").filter(pk__in=ids).delete()[0]
