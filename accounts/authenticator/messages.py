"""What a phone signs: a message with its purpose, its instant and a number used once.

The text that is signed is sent as it is, so that both sides speak of the same bytes. It names this
panel, so that a message for one installation is worth nothing at another.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from accounts.authenticator.keys import is_signed, read_public_key
from accounts.authenticator.models import LinkedPhone
from manager.kit.errors import DomainError
from manager.kit.tokens import hash_secret

TOLERANCE = timedelta(seconds=60)
# Seconds since 1970 that no clock shows in our time.
LATEST = 10**11
SHORTEST_NONCE = 16
LONGEST_NONCE = 64


class NotUnderstood(DomainError):
    """The body is not a signed message."""

    code = "not_understood"
    status = 400
    message = _("The request could not be understood.")


class ClockDiffers(DomainError):
    """The phone's clock is off; the answer's own time lets it correct itself and send again."""

    code = "clock_differs"
    status = 409
    message = _("The clock of this phone is wrong.")


class NotLinked(DomainError):
    """No such phone, or not its signature: strangers cannot tell which."""

    code = "not_linked"
    status = 404
    message = _("This phone is not linked.")


class SaidBefore(DomainError):
    """The same message was sent before; only who has a genuine one learns this."""

    code = "said_before"
    message = _("The request was sent already.")


@dataclass(frozen=True, slots=True)
class SignedMessage:
    """A message whose signature was right."""

    phone: LinkedPhone
    content: dict[str, Any]


def read_message(body: bytes, *, purpose: str, at: datetime) -> SignedMessage:
    """Return what a linked phone says, once.

    :raises NotUnderstood: it is not such a message, or one for another purpose or panel.
    :raises ClockDiffers: its instant is more than a minute away.
    :raises NotLinked: unknown phone, or wrong signature.
    :raises SaidBefore: the same message came before.
    """
    text, signature, content = _open_envelope(body, purpose, at)
    phone = _find_phone(content.get("phone"))
    if phone is None or not is_signed(text, signature, phone.public_key):
        raise NotLinked
    _use_nonce(phone, content.get("nonce"))
    return SignedMessage(phone, content)


def read_introduction(body: bytes, *, at: datetime) -> dict[str, Any]:
    """Return what a phone says that is to be linked, signed with the key that it brings itself.

    :raises NotUnderstood: it is not such a message, or not signed with that key.
    :raises ClockDiffers: its instant is more than a minute away.
    :raises InvalidKey: it brings no public key.
    """
    text, signature, content = _open_envelope(body, "link", at)
    if not is_signed(text, signature, read_public_key(content.get("public_key"))):
        raise NotUnderstood
    return content


def _open_envelope(body: bytes, purpose: str, at: datetime) -> tuple[bytes, str, dict[str, Any]]:
    envelope = read_object(body)
    text, signature = envelope.get("message"), envelope.get("signature")
    if not isinstance(text, str) or not isinstance(signature, str):
        raise NotUnderstood
    signed = text.encode(errors="replace")
    content = read_object(signed)
    if content.get("do") != purpose or content.get("at_panel") != settings.PUBLIC_BASE_URL:
        raise NotUnderstood
    sent = content.get("sent")
    if not isinstance(sent, int) or not 0 < sent < LATEST:
        raise NotUnderstood
    if abs(at.timestamp() - sent) > TOLERANCE.total_seconds():
        raise ClockDiffers
    return signed, signature, content


def read_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object that `body` holds.

    :raises NotUnderstood: it is none.
    """
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotUnderstood from error
    if not isinstance(content, dict):
        raise NotUnderstood
    return content


def _find_phone(reference: Any) -> LinkedPhone | None:
    try:
        wanted = UUID(reference)
    except (ValueError, TypeError, AttributeError):
        return None
    phones = LinkedPhone.objects.filter(reference=wanted, user__is_active=True)
    phone: LinkedPhone | None = phones.select_related("user").first()
    return phone


def _use_nonce(phone: LinkedPhone, nonce: Any) -> None:
    if not isinstance(nonce, str) or not SHORTEST_NONCE <= len(nonce) <= LONGEST_NONCE:
        raise NotUnderstood
    seconds = int(2 * TOLERANCE.total_seconds()) + 1
    if not cache.add(f"authenticator:nonce:{phone.pk}:{hash_secret(nonce)}", "", seconds):
        raise SaidBefore
