"""Idempotency keys as Stripe keeps them.

The first answer of a key is replayed for 24 hours, an error of 500 too; the same key while the first
request still runs is 409, with another body or path 400.
"""

import hashlib
import json
import time
from typing import Any

from manager.demo.provider.store import Store, Thing
from manager.demo.psp.problems import ApiProblem

LIFETIME_SECONDS = 24 * 3600
MAX_LENGTH = 255


def fingerprint_of(method: str, path: str, params: dict[str, Any]) -> str:
    """Return what a repetition has to be equal in."""
    text = json.dumps([method, path, params], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


class KeyRing:
    """The keys seen. Held under the sandbox's lock."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._running: dict[str, str] = {}

    def begin(self, key: str, fingerprint: str) -> Thing | None:
        """Return the stored answer of a key, or None after reserving it for this request."""
        if len(key) > MAX_LENGTH:
            raise ApiProblem(400, "invalid_request_error", "Idempotency keys have at most 255 characters.")
        known = self._store.get("idempotency_key", f"key:{key}")
        if known is not None and known["created"] < time.time() - LIFETIME_SECONDS:
            self._store.remove(known)
            known = None
        seen = self._running.get(key) or (known["fingerprint"] if known is not None else fingerprint)
        if seen != fingerprint:
            raise ApiProblem(
                400,
                "idempotency_error",
                "Keys for idempotent requests can only be used with the same parameters "
                f"they were first used with. Try using a key other than '{key}'.",
            )
        if key in self._running:
            raise ApiProblem(
                409,
                "idempotency_error",
                f"There is currently another in-progress request using this Idempotent Key '{key}'.",
                code="idempotency_key_in_use",
            )
        if known is None:
            self._running[key] = fingerprint
        return known

    def finish(self, key: str, *, status: int, body: dict[str, Any]) -> None:
        """Keep the answer."""
        self._store.put(
            {
                "id": f"key:{key}",
                "object": "idempotency_key",
                "fingerprint": self._running.pop(key),
                "created": int(time.time()),
                "status": status,
                "body": body,
            }
        )

    def abandon(self, key: str) -> None:
        """Free a key whose request was not carried out."""
        self._running.pop(key, None)

    def purge(self) -> None:
        """Forget keys older than 24 hours."""
        for known in self._store.oldest_first("idempotency_key"):
            if known["created"] < time.time() - LIFETIME_SECONDS:
                self._store.remove(known)
