"""The keys of the links that confirm, stop or take back a change of an address: derived, never stored."""

import base64
from enum import StrEnum

from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.recovery.models import AddressChange

SALT = "accounts.recovery.address-change"
LONGEST = 100


class Purpose(StrEnum):
    """What a link does; a link of one purpose is no link of another."""

    CONFIRM = "confirm"
    CANCEL = "cancel"
    UNDO = "undo"


def change_key(change: AddressChange, purpose: Purpose) -> str:
    """Return what the link carries: the change's id and a secret of its present sending."""
    # Only the newest confirmation works; who was told of a change may stop it by any of the mails.
    sending = change.sendings if purpose is Purpose.CONFIRM else 0
    facts = f"{purpose}:{change.pk}:{change.created_at.timestamp()}:{change.address}:{sending}"
    digest = salted_hmac(SALT, facts, algorithm="sha256").digest()
    return f"{change.pk}-{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def find_change_by_key(key: str, purpose: Purpose, *, lock: bool = False) -> AddressChange | None:
    """Return the change that a genuine link speaks of, in whatever state it is, or None."""
    number, _dash, secret = key.partition("-")
    if len(key) > LONGEST or not (number.isascii() and number.isdigit() and len(number) < 19 and secret):
        return None
    changes = AddressChange.objects.select_for_update() if lock else AddressChange.objects
    change = changes.filter(pk=int(number)).first()
    if change is None or not constant_time_compare(key, change_key(change, purpose)):
        return None
    return change
