"""Import a file in two steps: upload and look at the differences, then confirm (PRD-1)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from products.catalog.catalog_file import CatalogInvalid, parse_catalog
from products.catalog.differences import Difference, find_differences
from products.catalog.journal import Stamp
from products.catalog.models import CatalogUpload
from products.catalog.services.store import lock_catalog, refuse_other_kinds, store_differences
from products.catalog.snapshot import digest_of, read_database

MAX_BYTES = 2_000_000


class UploadStale(DomainError):
    """The catalogue is not as it was when the differences were shown."""

    code = "upload_stale"
    status = 409
    message = _("The catalogue has changed meanwhile. Please look at the differences once more.")


class UploadDone(DomainError):
    """The file was imported already."""

    code = "upload_done"
    status = 409
    message = _("This file was imported already.")


@transaction.atomic
def upload_catalog(*, name: str, data: bytes, on: date, actor: Actor, at: datetime) -> CatalogUpload:
    """Keep a file to look at what it would change; the catalogue stays as it is.

    :raises CatalogInvalid: it is not a catalogue, or would change the kind of something.
    """
    if len(data) > MAX_BYTES:
        raise CatalogInvalid(_("The file is too large."))
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise CatalogInvalid(_("The file is not written in UTF-8.")) from error
    if "\0" in text:
        raise CatalogInvalid(_("The file is not written in UTF-8."))
    present = read_database()
    refuse_other_kinds(find_differences(present, parse_catalog(text, on=on), on))
    return CatalogUpload.objects.create(
        name=name[:120],
        text=text,
        actor_id=actor.user_id,
        actor_name=actor.name,
        at=at,
    )


def preview_upload(*, upload: CatalogUpload, on: date) -> tuple[list[Difference], str]:
    """Return what the file would change on the day `on`, and the digest of what it was compared with."""
    present = read_database()
    return find_differences(present, parse_catalog(upload.text, on=on), on), digest_of(present)


@transaction.atomic
def import_upload(
    *, upload: CatalogUpload, base: str, on: date, actor: Actor, at: datetime
) -> list[Difference]:
    """Make the catalogue as the file says, from the day `on`; return what has changed.

    `base` is the digest that came with the differences that were looked at: only these are made true.

    :raises UploadStale: the catalogue has changed since; nothing is stored.
    :raises UploadDone: the file was imported before.
    """
    lock_catalog()
    locked = CatalogUpload.objects.select_for_update().get(pk=upload.pk)
    if locked.applied_at is not None:
        raise UploadDone
    present = read_database()
    if digest_of(present) != base:
        raise UploadStale
    differences = find_differences(present, parse_catalog(locked.text, on=on), on)
    store_differences(differences, Stamp(actor, at, locked.name))
    locked.applied_at = at
    locked.save(update_fields=["applied_at"])
    return differences
