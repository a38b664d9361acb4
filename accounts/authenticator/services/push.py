"""Where a phone can be woken: the subscription that its browser made with its push service."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from accounts.authenticator.keys import decode_base64url
from accounts.authenticator.models import LinkedPhone
from accounts.authenticator.refusals import InvalidSubscription
from manager.kit.actor import Actor

LONGEST_ADDRESS = 1000
KEY_LENGTH = 65
SECRET_LENGTH = 16


def subscribe_phone(*, phone: LinkedPhone, subscription: Any, actor: Actor, at: datetime) -> None:
    """Keep where to push for this phone, or forget it where `subscription` is None.

    The worker calls that address, so only the push services of the browsers are taken.

    :raises InvalidSubscription: another address, or keys that are none.
    """
    stored = None if subscription is None else _read(subscription)
    LinkedPhone.objects.filter(pk=phone.pk).update(push_subscription=stored)


def is_push_service(address: str) -> bool:
    """Return whether `address` belongs to a push service of a browser."""
    try:
        parts = urlsplit(address)
        plain = parts.scheme == "https" and parts.port in {None, 443} and "@" not in parts.netloc
    except ValueError:
        return False
    host = parts.hostname or ""
    return plain and any(
        host == known or (known.startswith(".") and host.endswith(known)) for known in settings.PUSH_SERVICES
    )


def _read(given: Any) -> dict[str, Any]:
    keys = given.get("keys") if isinstance(given, dict) else None
    address = given.get("endpoint") if isinstance(given, dict) else None
    if not isinstance(keys, dict) or not isinstance(address, str) or len(address) > LONGEST_ADDRESS:
        raise InvalidSubscription
    if not address.isascii() or not address.isprintable() or not is_push_service(address):
        raise InvalidSubscription
    stored = {}
    for name, length in (("p256dh", KEY_LENGTH), ("auth", SECRET_LENGTH)):
        try:
            if len(decode_base64url(keys.get(name))) != length:
                raise InvalidSubscription
        except ValueError as error:
            raise InvalidSubscription from error
        stored[name] = keys[name]
    return {"endpoint": address, "keys": stored}
