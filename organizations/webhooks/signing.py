"""Signatures as Standard Webhooks describes them (version 1, symmetric): HMAC-SHA256 over id, time and body.

https://github.com/standard-webhooks/standard-webhooks; the reference library brings an HTTP client and four
more packages for these lines, which a test holds against the published example.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

PREFIX = "whsec_"
SECRET_BYTES = 32


def make_signing_secret() -> str:
    """Return a new secret as receivers are given it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def sign_message(*, secrets: Sequence[str], message_id: str, body: bytes, at: datetime) -> dict[str, str]:
    """Return the headers of a message that is sent at `at`: one signature for each secret."""
    timestamp = str(int(at.timestamp()))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(secret, signed) for secret in secrets),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
