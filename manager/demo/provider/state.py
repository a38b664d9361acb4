"""All state of a provider behind one lock, kept over restarts."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from manager.demo.provider.deliveries import Deliverer, Endpoint, Sign
from manager.demo.provider.faults import FaultPlan
from manager.demo.provider.store import Store


class Provider:
    """Store, faults and webhooks. `lock` is held around each request's work, never while waiting.

    `sign` makes the headers of a webhook; `backoff` is the pause before its first repeat, in seconds.
    """

    def __init__(self, file: Path, *, sign: Sign, endpoint: Endpoint, backoff: float) -> None:
        self.lock = threading.RLock()
        self.store = Store(file)
        self.faults = FaultPlan()
        self.webhooks = Deliverer(self.store, self.lock, self.faults, endpoint, sign=sign, backoff=backoff)

    @contextmanager
    def work(self) -> Iterator[None]:
        """Hold the lock, and write what changed before anybody hears of it."""
        with self.lock:
            try:
                yield
            finally:
                self.store.commit()

    def note(self, kind: str, **facts: Any) -> None:
        """Add a charge or refund to the journal: what really happened, whatever was answered."""
        number = self.store.count("journal_entry") + 1
        self.store.put(
            {"id": f"journal:{number}", "object": "journal_entry", "number": number, "type": kind, **facts}
        )

    def journal(self) -> list[dict[str, Any]]:
        """Return every charge and refund, oldest first."""
        hidden = ("id", "object")
        return [
            {name: value for name, value in entry.items() if name not in hidden}
            for entry in self.store.oldest_first("journal_entry")
        ]

    def reset(self) -> None:
        """Forget everything but the webhook's address."""
        with self.lock:
            self.webhooks.forget()
            self.store.clear()
            self.faults.replace([])

    def close(self) -> None:
        """End the deliveries and close the file."""
        self.webhooks.stop()
        with self.lock:
            self.store.close()
