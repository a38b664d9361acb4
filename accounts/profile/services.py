"""Verbs of the profile: the person's picture, and the mails that he or she does without."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.profile.models import Avatar
from accounts.profile.notifications import CHOICES
from accounts.users.models import User
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.images import Encoding, reencode_image

MAX_BYTES = 4_000_000
MAX_PIXELS = 16_000_000
# Four times what lists show, for fine screens and the profile's own page.
BOX = (192, 192)


def set_avatar(*, user: User, data: bytes, actor: Actor, at: datetime) -> User:
    """Take the picture in `data` as the person's, cut to a square and written anew as WebP (ACC-14).

    :raises ImageRefused: no PNG, JPEG, WebP or GIF, damaged, moving, or too large.
    """
    image = reencode_image(
        data, max_bytes=MAX_BYTES, max_pixels=MAX_PIXELS, box=BOX, crop=True, encoding=Encoding.WEBP
    )
    facts = {"data": image.data, "mime_type": image.mime_type, "digest": image.digest, "created_at": at}
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        Avatar.objects.update_or_create(user=locked, defaults=facts)
        locked.avatar_digest = image.digest
        locked.save(update_fields=["avatar_digest"])
    return locked


@transaction.atomic
def remove_avatar(*, user: User, actor: Actor, at: datetime) -> User:
    """Show the person's initials again."""
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    Avatar.objects.filter(user=locked).delete()
    locked.avatar_digest = ""
    locked.save(update_fields=["avatar_digest"])
    return locked


class UnknownMail(DomainError):
    """There is no such mail that one could do without."""

    code = "unknown_mail"
    status = 422
    message = _("There is no such mail to choose.")


@transaction.atomic
def choose_mails(*, user: User, wanted: Collection[str], actor: Actor, at: datetime) -> User:
    """Send the person those of the optional mails that are in `wanted`, and none of the others.

    Security mails are not optional (ACC-11) and are not in the choice.

    :raises UnknownMail: one of `wanted` is no optional mail; nothing is changed.
    """
    if set(wanted) - set(CHOICES):
        raise UnknownMail
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    locked.muted_mails = [kind for kind in CHOICES if kind not in wanted]
    locked.save(update_fields=["muted_mails"])
    return locked
