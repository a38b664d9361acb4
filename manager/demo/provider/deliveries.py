"""Webhooks out: signed, retried with growing pauses, by own threads; what waits survives a restart."""

import heapq
import http.client
import json
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from manager.demo.provider.faults import FaultPlan
from manager.demo.provider.store import Store, Thing

THREADS = 4
MAX_ATTEMPTS = 16
MAX_PAUSE_SECONDS = 300.0
TIMEOUT_SECONDS = 10.0

Sign = Callable[[bytes, str], Mapping[str, str]]
"""Makes the headers of a payload by which its receiver proves it; the secret is the endpoint's."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where events go and the secret that signs them; an empty address sends none."""

    url: str = ""
    secret: str = ""


def post(url: str, payload: bytes, headers: Mapping[str, str]) -> int:
    """Send one event and return the status; redirects are not followed.

    :raises OSError: nobody answers.
    """
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
    try:
        path = parts.path or "/"
        everything = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Sandbox/1.0",
            **headers,
        }
        connection.request("POST", f"{path}?{parts.query}" if parts.query else path, payload, everything)
        return connection.getresponse().status
    except http.client.HTTPException as error:
        raise OSError(str(error)) from error
    finally:
        connection.close()


class Deliverer:
    """The queue of deliveries and the threads that empty it.

    An event is sent as it is, or its `body` where the provider keeps more about it than it tells.
    """

    def __init__(
        self,
        store: Store,
        lock: threading.RLock,
        faults: FaultPlan,
        endpoint: Endpoint,
        *,
        sign: Sign,
        backoff: float,
    ) -> None:
        self._store = store
        self._lock = lock
        self._faults = faults
        self._sign = sign
        self._backoff = backoff
        self.endpoint = endpoint
        self._wake = threading.Condition(lock)
        self._queue: list[tuple[float, int, str]] = []
        self._count = 0
        self._stopped = False

    def start(self) -> None:
        """Take up what was left from the last run, and begin."""
        with self._lock:
            for waiting in self._store.oldest_first("delivery"):
                self._enqueue(waiting)
        for number in range(THREADS):
            threading.Thread(target=self._run, name=f"webhooks-{number}", daemon=True).start()

    def stop(self) -> None:
        """Let the threads end."""
        with self._wake:
            self._stopped = True
            self._wake.notify_all()

    def schedule(self, event: Thing) -> None:
        """Queue an event, as often and as late as the fault plan says."""
        if not self.endpoint.url:
            return
        fault = self._faults.take_webhook(event["type"])
        kind = fault.kind if fault is not None else ""
        if kind == "webhook_drop":
            return
        span = ((fault.ms if fault is not None else None) or 1000) / 1000
        pauses = {
            "webhook_duplicate": [0.0, 0.0],
            "webhook_shuffle": [random.uniform(0, span)],
            "webhook_delay": [span],
        }.get(kind, [0.0])
        for copy, pause in enumerate(pauses):
            delivery = self._store.put(
                {
                    "id": f"delivery:{event['id']}:{copy}",
                    "object": "delivery",
                    "event": event["id"],
                    "attempts": 0,
                    "due": time.time() + pause,
                }
            )
            self._enqueue(delivery)

    def waiting(self) -> int:
        """Return how many deliveries are not done."""
        with self._lock:
            return len(self._store.oldest_first("delivery"))

    def forget(self) -> None:
        """Drop all that waits."""
        with self._wake:
            self._queue.clear()

    def _enqueue(self, delivery: Thing) -> None:
        self._count += 1
        heapq.heappush(self._queue, (delivery["due"], self._count, delivery["id"]))
        self._wake.notify()

    def _take(self) -> str | None:
        with self._wake:
            while not self._stopped:
                if self._queue and self._queue[0][0] <= time.time():
                    return heapq.heappop(self._queue)[2]
                self._wake.wait(timeout=self._queue[0][0] - time.time() if self._queue else None)
        return None

    def _run(self) -> None:
        while (identifier := self._take()) is not None:
            with self._lock:
                delivery = self._store.get("delivery", identifier)
                event = self._store.get("event", delivery["event"]) if delivery is not None else None
                if delivery is None or event is None:
                    continue
                payload = json.dumps(event.get("body", event), separators=(",", ":")).encode()
                endpoint = self.endpoint
            self._settle(delivery, delivered=self._try(endpoint, payload))

    def _try(self, endpoint: Endpoint, payload: bytes) -> bool:
        try:
            return 200 <= post(endpoint.url, payload, self._sign(payload, endpoint.secret)) < 300
        except (OSError, ValueError):
            return False

    def _settle(self, delivery: Thing, *, delivered: bool) -> None:
        with self._lock:
            if self._store.get("delivery", delivery["id"]) is None:
                return
            delivery["attempts"] += 1
            if delivered or delivery["attempts"] >= MAX_ATTEMPTS:
                self._store.remove(delivery)
            else:
                pause = min(self._backoff * 2 ** (delivery["attempts"] - 1), MAX_PAUSE_SECONDS)
                delivery["due"] = time.time() + pause
                self._store.put(delivery)
                self._enqueue(delivery)
            self._store.commit()
