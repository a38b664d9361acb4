"""A space of the test server: transactions, tokens and refunds behind one lock, kept over restarts."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from manager.demo.postfinance.signing import SPACE_ID, Signer
from manager.demo.provider.deliveries import Endpoint
from manager.demo.provider.state import Provider
from manager.demo.provider.store import Thing

PAGE_MINUTES = 60


class Problem(Exception):
    """An answer other than 200, in PostFinance's shape."""

    def __init__(self, status: int, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.status = status
        self.body = {"code": code, "message": message or code, "date": now(), "id": code}


class Space(Provider):
    """PostFinance's state; its webhooks are signed with the space's key."""

    def __init__(self, *, data: Path, webhook_url: str = "", backoff: float = 1.0) -> None:
        self.signer = Signer(data)
        super().__init__(
            data / "postfinance.sqlite3",
            sign=lambda payload, _secret: {"X-Signature": self.signer.header(payload)},
            endpoint=Endpoint(webhook_url),
            backoff=backoff,
        )

    def next_id(self) -> int:
        """Return the next number; all kinds of objects share them."""
        counter = self.store.get("counter", "counter") or {"id": "counter", "object": "counter", "last": 1000}
        counter["last"] += 1
        self.store.put(counter)
        return int(counter["last"])

    def add(self, kind: str, thing: Thing) -> Thing:
        """Keep a new object under the next number."""
        number = self.next_id()
        body = {"version": 1, "linkedSpaceId": int(SPACE_ID), "createdOn": now(), **thing, "id": number}
        self.store.put({"id": f"{kind}:{number}", "object": kind, "body": body})
        return body

    def find(self, kind: str, identifier: str) -> Thing:
        """Return an object.

        :raises Problem: 404.
        """
        found = self.store.get(kind, f"{kind}:{identifier}")
        if found is None:
            raise Problem(404, "not_found", f"No {kind} {identifier}.")
        body: Thing = found["body"]
        return body

    def all(self, kind: str) -> list[Thing]:
        """Return all objects of a kind, oldest first."""
        return [one["body"] for one in self.store.oldest_first(kind)]

    def change(self, kind: str, thing: Thing, **fields: Any) -> Thing:
        """Change an object, count its version, and tell of a new state."""
        told = "state" in fields and fields["state"] != thing.get("state")
        thing.update(fields, version=thing["version"] + 1)
        self.store.put({"id": f"{kind}:{thing['id']}", "object": kind, "body": thing})
        if told:
            self.emit(kind, thing)
        return thing

    def emit(self, kind: str, thing: Thing) -> None:
        """Send a webhook about the present state; it names the object and nothing else."""
        number = self.next_id()
        body = {
            "eventId": number,
            "entityId": thing["id"],
            "listenerEntityId": 1472041829003,
            "listenerEntityTechnicalName": kind.title(),
            "spaceId": int(SPACE_ID),
            "webhookListenerId": 1,
            "state": thing["state"],
            "timestamp": datetime.now(tz=UTC).strftime("%Y-%m-%dT%H:%M:%S%z"),
        }
        event = {"id": f"event:{number}", "object": "event", "type": kind, "body": body}
        self.webhooks.schedule(self.store.put(event))

    def write_journal(self, kind: str, thing: Thing, amount: Decimal, status: str) -> None:
        """Note a charge or refund for `GET /_journal`: what really happened, whatever was answered."""
        self.note(
            kind,
            reference=str(thing["id"]),
            merchant_reference=thing.get("merchantReference", ""),
            amount=int(amount * 100),
            status=status,
            at=now(),
        )


def now() -> str:
    """Return the present as PostFinance writes it."""
    return datetime.now(tz=UTC).isoformat(timespec="milliseconds")


def page_ends() -> str:
    """Return when a page that is opened now ends."""
    return (datetime.now(tz=UTC) + timedelta(minutes=PAGE_MINUTES)).isoformat(timespec="seconds")
