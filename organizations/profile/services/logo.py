"""The organization's logo: set, replace, remove (ORG-5)."""

from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.images import Encoding, reencode_image
from manager.kit.scope import tenant_scope
from organizations.access.locks import lock_organization
from organizations.audit.services import record_audit
from organizations.profile.models import Logo, Organization

MAX_BYTES = 2_000_000
MAX_PIXELS = 16_000_000
# Twice what the top bar shows, for fine screens.
BOX = (480, 96)


def set_logo(*, organization: Organization, data: bytes, actor: Actor, at: datetime) -> Organization:
    """Take the picture in `data` as the organization's logo, written anew as WebP (INC-29).

    The same picture again changes nothing.

    :raises ImageRefused: no PNG, JPEG, WebP or GIF, damaged, moving, or too large.
    """
    image = reencode_image(data, max_bytes=MAX_BYTES, max_pixels=MAX_PIXELS, box=BOX, encoding=Encoding.WEBP)
    with tenant_scope(organization.pk), transaction.atomic():
        row = lock_organization(organization_id=organization.pk)
        if row.logo_digest == image.digest:
            return row
        Logo.objects.update_or_create(
            organization_id=row.pk,
            defaults={
                "data": image.data,
                "mime_type": image.mime_type,
                "width": image.width,
                "height": image.height,
                "digest": image.digest,
                "created_at": at,
            },
        )
        row.logo_digest = image.digest
        row.save(update_fields=["logo_digest"])
        record_audit(
            organization_id=row.pk,
            name="organization.logo_set",
            actor=actor,
            at=at,
            subject=row,
            digest=image.digest,
        )
    return row


def remove_logo(*, organization: Organization, actor: Actor, at: datetime) -> Organization:
    """Show the organization's name again; without a logo nothing changes."""
    with tenant_scope(organization.pk), transaction.atomic():
        row = lock_organization(organization_id=organization.pk)
        if not row.logo_digest:
            return row
        Logo.objects.filter(organization_id=row.pk).delete()
        row.logo_digest = ""
        row.save(update_fields=["logo_digest"])
        record_audit(
            organization_id=row.pk, name="organization.logo_removed", actor=actor, at=at, subject=row
        )
    return row
