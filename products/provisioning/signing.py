"""The signature under requests to machines and under their call-backs: HMAC-SHA256 over time and body.

`Manager-Timestamp` is in seconds since 1970, `Manager-Signature` is `v1=` and the signature in hex of
`<timestamp>.<path>.<body>`. Both sides sign with the same secret; several are known while one replaces
the other: the first signs, all of them verify.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

TIMESTAMP = "Manager-Timestamp"
SIGNATURE = "Manager-Signature"
VERSION = "v1="
TOLERANCE = timedelta(minutes=5)
SHORTEST_SECRET = 32


class SignatureRefused(Exception):
    """The signature is missing, was made with another secret, for another text or at another time."""


def sign(*, secret: str, path: str, body: bytes, at: datetime) -> dict[str, str]:
    """Return the headers that sign a message to `path`, sent at `at`."""
    timestamp = str(int(at.timestamp()))
    return {TIMESTAMP: timestamp, SIGNATURE: VERSION + _digest(secret, timestamp, path, body)}


def verify(
    *, secrets: Sequence[str], path: str, body: bytes, headers: Mapping[str, str], at: datetime
) -> None:
    """Refuse a message to `path` that was not signed with one of the secrets within five minutes of `at`.

    :raises SignatureRefused: see there.
    """
    timestamp = headers.get(TIMESTAMP, "")
    given = headers.get(SIGNATURE, "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise SignatureRefused("There is no time of sending.")
    if abs(int(timestamp) - at.timestamp()) > TOLERANCE.total_seconds():
        raise SignatureRefused("The message is too old, or a clock is wrong.")
    for secret in secrets:
        wanted = VERSION + _digest(secret, timestamp, path, body)
        if hmac.compare_digest(wanted.encode(), given.encode("utf-8", "surrogateescape")):
            return
    raise SignatureRefused("The signature does not fit.")


def _digest(secret: str, timestamp: str, path: str, body: bytes) -> str:
    message = f"{timestamp}.{path}.".encode() + body
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
