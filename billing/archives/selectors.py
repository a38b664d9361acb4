"""Read the files of periods."""

from collections.abc import Iterator
from datetime import datetime

from billing.archives.models import ArchivePart, PeriodArchive
from manager.kit.errors import NotFound
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization

MOST = 20


def list_archives(*, organization: Organization, at: datetime) -> list[PeriodArchive]:
    """Return the newest files that are being made or can be had, newest first."""
    rows = PeriodArchive.objects.filter(organization_id=organization.pk, expires_at__gt=at)
    return list(rows.order_by("-id")[:MOST])


def get_archive(*, organization: Organization, archive_id: int, at: datetime) -> PeriodArchive:
    """Return one file of the organization.

    :raises NotFound: there is none of that id, or its days are over.
    """
    rows = PeriodArchive.objects.filter(organization_id=organization.pk, expires_at__gt=at)
    found = rows.filter(pk=archive_id).first()
    if found is None:
        raise NotFound
    return found


def read_parts(archive: PeriodArchive) -> Iterator[bytes]:
    """Return the file piece by piece, each read in the scope of its organization as it is sent."""
    position = 0
    while True:
        with tenant_scope(archive.organization_id):
            parts = ArchivePart.objects.filter(organization_id=archive.organization_id, archive_id=archive.pk)
            part = parts.filter(position=position).first()
        if part is None:
            return
        yield bytes(part.content)
        position += 1
