"""PostFinance's webhooks: signature and age checked, then read into the panel's words (INC-22).

They are signed with a private key of PostFinance. The public one is fetched by its id over the same
authenticated connection as everything else, once for each process, and nothing is taken without it.
"""

import base64
import binascii
import json
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from billing.gateway.errors import WebhookSignatureInvalid, WebhookUnreadable
from billing.gateway.vocabulary import EventKind, GatewayEvent

HEADER = re.compile(
    r"algorithm=(SHA256withECDSA), keyId=([a-z0-9-]{1,64}), signature=([A-Za-z0-9+/=]{1,200})"
)
OLDEST = timedelta(days=2)
"""Its deliveries are repeated with the time of the first; each counts once, so a late one changes nothing."""
AHEAD = timedelta(minutes=5)
FORGET_WRONG_KEYS_AFTER = 60.0

TRANSACTION_KINDS = {
    "PROCESSING": EventKind.CHARGE_PENDING,
    "AUTHORIZED": EventKind.CHARGE_PENDING,
    "COMPLETED": EventKind.CHARGE_PENDING,
    "FULFILL": EventKind.CHARGE_SUCCEEDED,
    "DECLINE": EventKind.CHARGE_SUCCEEDED,
    "FAILED": EventKind.CHARGE_FAILED,
    "VOIDED": EventKind.CHARGE_CANCELED,
}
TOKEN_KINDS = {"INACTIVE": EventKind.MEANS_REMOVED, "DELETED": EventKind.MEANS_REMOVED}

FetchKey = Callable[[str], str]
_keys: dict[tuple[str, str], str] = {}
_wrong: dict[str, float] = {}


def parse(*, payload: bytes, signature: str, source: str, fetch_key: FetchKey) -> GatewayEvent:
    """Check a webhook and read it. `source` is the API that `fetch_key` asks for public keys.

    :raises WebhookSignatureInvalid: missing, wrong or old signature.
    :raises WebhookUnreadable: signed, but not an event.
    :raises GatewayUnavailable: the key could not be fetched; PostFinance delivers again.
    """
    match = HEADER.fullmatch(signature)
    if match is None or not is_signed(payload, match[3], _key(source, match[2], fetch_key)):
        raise WebhookSignatureInvalid
    try:
        body = json.loads(payload)
        event = event_of(body)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise WebhookUnreadable from error
    now = datetime.now(tz=UTC)
    if not now - OLDEST < event.created < now + AHEAD:
        raise WebhookSignatureInvalid
    return event


def _key(source: str, key_id: str, fetch_key: FetchKey) -> str:
    """Return a public key; one that does not exist is not asked for again for a minute."""
    known = _keys.get((source, key_id))
    if known is not None:
        return known
    if time.monotonic() - _wrong.get(key_id, -FORGET_WRONG_KEYS_AFTER) < FORGET_WRONG_KEYS_AFTER:
        raise WebhookSignatureInvalid
    key = fetch_key(key_id)
    if not key:
        if len(_wrong) > 1000:
            _wrong.clear()
        _wrong[key_id] = time.monotonic()
        raise WebhookSignatureInvalid
    _keys[source, key_id] = key
    return key


def is_signed(payload: bytes, signature: str, public_key: str) -> bool:
    """Return whether the payload was signed with the private half of `public_key` (base64 of DER)."""
    try:
        key = load_der_public_key(base64.b64decode(public_key))
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return False
        key.verify(base64.b64decode(signature), payload, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def event_of(body: dict[str, Any]) -> GatewayEvent:
    """Return a decoded event in the panel's words; it names only what changed, so nothing else is known."""
    entity, state = str(body["listenerEntityTechnicalName"]), str(body.get("state") or "")
    reference = str(int(body["entityId"]))
    kinds = {"Transaction": TRANSACTION_KINDS, "Token": TOKEN_KINDS}.get(entity, {})
    kind = EventKind.REFUND_UPDATED if entity == "Refund" else kinds.get(state, EventKind.OTHER)
    return GatewayEvent(
        id=str(int(body["eventId"])),
        kind=kind,
        type=f"{entity}.{state}"[:60],
        created=datetime.strptime(str(body["timestamp"]), "%Y-%m-%dT%H:%M:%S%z"),
        reference=reference,
        api_version="2.0",
        charge_reference=reference if entity == "Transaction" else "",
        means_reference=reference if entity == "Token" else "",
    )
