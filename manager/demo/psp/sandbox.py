"""The sandbox itself: store, keys, faults and webhooks behind one lock, and one call to it."""

import secrets
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from manager.demo.provider.deliveries import Endpoint
from manager.demo.provider.state import Provider
from manager.demo.provider.store import Store, Thing
from manager.demo.psp.idempotency import KeyRing
from manager.demo.psp.problems import invalid, missing
from manager.demo.psp.webhooks import headers_of

API_VERSION = "2026-10-28.endive"
MAX_METADATA_KEYS = 50


class Sandbox(Provider):
    """Stripe's state. `fees` is what it keeps of a charge: basis points and a fixed part in minor units."""

    def __init__(self, *, data: Path, public_url: str, endpoint: Endpoint, backoff: float = 1.0) -> None:
        super().__init__(data / "psp.sqlite3", sign=headers_of, endpoint=endpoint, backoff=backoff)
        self.public_url = public_url.rstrip("/")
        self.keys = KeyRing(self.store)
        self.fees = (0, 0)

    def emit(self, kind: str, thing: Thing, *, key: str = "") -> None:
        """Record an event with a picture of the object, and have it delivered."""
        event = self.store.put(
            {
                "id": f"evt_{secrets.token_hex(12)}",
                "object": "event",
                "api_version": API_VERSION,
                "created": int(time.time()),
                "type": kind,
                "livemode": False,
                "pending_webhooks": 1,
                "request": {"id": None, "idempotency_key": key or None},
                "data": {"object": visible(thing)},
            }
        )
        self.webhooks.schedule(event)

    def write_journal(self, kind: str, thing: Thing, *, key: str, **details: Any) -> None:
        """Note a charge or refund for `GET /_journal`: what really happened, whatever was answered."""
        self.note(
            kind,
            reference=thing["id"],
            payment_intent=thing["payment_intent"],
            amount=thing["amount"],
            currency=thing["currency"],
            status=thing["status"],
            idempotency_key=key,
            metadata=thing["metadata"],
            at=datetime.now(tz=UTC).isoformat(timespec="milliseconds"),
            **details,
        )

    def reset(self) -> None:
        """Forget everything but the webhook's address."""
        super().reset()
        self.fees = (0, 0)


@dataclass
class Call:
    """One request: what was sent, and the sandbox to do it in. `key` is its idempotency key."""

    sandbox: Sandbox
    params: dict[str, Any] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    key: str = ""

    @property
    def store(self) -> Store:
        """The sandbox's objects."""
        return self.sandbox.store

    def thing(self, kind: str, identifier: str | None = None, *, param: str = "id") -> Thing:
        """Return an object or answer 404; an id out of the parameters answers 400."""
        wanted = identifier if identifier is not None else self.ids["id"]
        found = self.store.get(kind, wanted)
        if found is None:
            raise missing(kind, wanted, param=param, status=404 if identifier is None else 400)
        return found

    def text(self, name: str, default: str = "") -> str:
        """Return a parameter as text."""
        value = self.params.get(name, default)
        if not isinstance(value, str):
            raise invalid(f"Invalid string: {name}", param=name)
        return value

    def required(self, name: str) -> str:
        """Return a parameter as text, or answer that it is missing."""
        value = self.text(name)
        if not value:
            raise invalid(f"Missing required param: {name}.", param=name, code="parameter_missing")
        return value

    def integer(self, name: str, default: int | None = None) -> int:
        """Return a parameter as a whole number, or answer that it is none."""
        if default is not None and name not in self.params:
            return default
        return as_integer(self.required(name), name)

    def flag(self, name: str) -> bool:
        """Return a parameter as yes or no."""
        return self.text(name, "false").lower() == "true"

    def group(self, name: str) -> dict[str, Any]:
        """Return a nested parameter."""
        value = self.params.get(name, {})
        if not isinstance(value, dict):
            raise invalid(f"Invalid object: {name}", param=name)
        return value

    def choices(self, name: str) -> list[str]:
        """Return a parameter as a list of texts."""
        value = self.params.get(name, [])
        if not isinstance(value, list):
            raise invalid(f"Invalid array: {name}", param=name)
        return [str(item) for item in value]

    def metadata(self, name: str = "metadata", within: dict[str, Any] | None = None) -> dict[str, str]:
        """Return metadata, checked for its limits."""
        given = (within if within is not None else self.params).get(name) or {}
        if not isinstance(given, dict) or len(given) > MAX_METADATA_KEYS:
            raise invalid("Metadata is an object of at most 50 keys.", param=name)
        return {str(key)[:40]: str(value)[:500] for key, value in given.items()}


def as_integer(text: str, name: str) -> int:
    """Return a whole number, or answer that it is none."""
    if not text.lstrip("-").isdecimal() or len(text) > 12:
        raise invalid(f"Invalid integer: {text}", param=name, code="parameter_invalid_integer")
    return int(text)


def new_id(prefix: str) -> str:
    """Return an id nobody can guess."""
    return f"{prefix}_{secrets.token_hex(12)}"


def visible(value: Any) -> Any:
    """Return a copy without what is the sandbox's own business (names that begin with `_`)."""
    if isinstance(value, dict):
        return {key: visible(inner) for key, inner in value.items() if not key.startswith("_")}
    if isinstance(value, list):
        return [visible(inner) for inner in value]
    return value
