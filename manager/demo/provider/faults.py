"""The fault plan: what goes wrong on purpose, and how often."""

import random
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

HOLD_MS = 15_000
REQUEST_KINDS = frozenset(
    {
        "answer_lost_after_success",
        "timeout_before",
        "error_500_after_success",
        "error_500_before",
        "delay",
        "in_use",
        "rate_limited",
    }
)
WEBHOOK_KINDS = frozenset({"webhook_duplicate", "webhook_shuffle", "webhook_delay", "webhook_drop"})
FIELDS = frozenset({"match", "times", "kind", "ms", "skip", "probability", "seed", "per_second"})


@dataclass
class Fault:
    """One entry of the plan. `times` None: for ever. `ms`: how long a delay, hold or shuffle lasts."""

    kind: str
    match: dict[str, str] = field(default_factory=dict)
    times: int | None = 1
    ms: int | None = None
    skip: int = 0
    probability: float = 1.0
    seed: int = 1
    per_second: int | None = None
    taken: int = 0

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)
        self._recent: deque[float] = deque()

    def meets(self, occasion: Mapping[str, Any]) -> bool:
        """Return whether all that this fault names of an occasion is so; `*` stands for anything."""
        return all(fnmatchcase(str(occasion.get(name, "")), wanted) for name, wanted in self.match.items())

    def wait(self, milliseconds: int) -> None:
        """Wait as long as the fault says, or so long."""
        time.sleep((self.ms if self.ms is not None else milliseconds) / 1000)

    def applies(self) -> bool:
        """Return whether this occasion is one, and count it."""
        if self.times is not None and self.taken >= self.times:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.per_second is not None and not self._over_the_rate(self.per_second):
            return False
        if self.probability < 1.0 and self._dice.random() >= self.probability:
            return False
        self.taken += 1
        return True

    def _over_the_rate(self, limit: int) -> bool:
        now = time.monotonic()
        while self._recent and self._recent[0] <= now - 1.0:
            self._recent.popleft()
        if len(self._recent) >= limit:
            return True
        self._recent.append(now)
        return False


class AnswerLost(Exception):
    """Close the connection without an answer."""


def strike(fault: Fault | None, refuse: Callable[[Fault], Exception | None]) -> None:
    """Apply a fault that hits a request before anything is done; `refuse` says it in the provider's words.

    :raises AnswerLost: after the line was held for as long as the fault says.
    """
    if fault is None:
        return
    refusal = refuse(fault)
    if refusal is not None:
        raise refusal
    if fault.kind == "timeout_before":
        fault.wait(HOLD_MS)
        raise AnswerLost


class FaultPlan:
    """The faults in force. Held under the sandbox's lock."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def replace(self, entries: Any) -> None:
        """Take a new plan, a list as in `docs/payments-sandbox.md`; an empty one ends all faults.

        :raises ValueError: an entry is no fault.
        :raises TypeError: it is no list, or a field is none of a fault's.
        """
        if not isinstance(entries, list):
            raise TypeError("A fault plan is a list.")
        self._faults = [self._read(entry) for entry in entries]

    def _read(self, entry: Any) -> Fault:
        if not isinstance(entry, dict) or set(entry) - FIELDS:
            raise ValueError(f"A fault is an object with some of {sorted(FIELDS)}.")
        if entry.get("kind") not in REQUEST_KINDS | WEBHOOK_KINDS:
            raise ValueError(f"Unknown kind of fault: {entry.get('kind')!r}.")
        return Fault(**entry)

    def take_request(self, method: str, path: str, params: Mapping[str, Any] | None = None) -> Fault | None:
        """Return the fault for this request, if any; `params` are what was sent, by name."""
        return self._take(REQUEST_KINDS, {**(params or {}), "method": method, "path": path})

    def take_webhook(self, event_type: str) -> Fault | None:
        """Return the fault for the delivery of this event, if any."""
        return self._take(WEBHOOK_KINDS, {"type": event_type})

    def _take(self, kinds: frozenset[str], occasion: Mapping[str, Any]) -> Fault | None:
        return next(
            (
                fault
                for fault in self._faults
                if fault.kind in kinds and fault.meets(occasion) and fault.applies()
            ),
            None,
        )

    def describe(self) -> list[dict[str, Any]]:
        """Return the plan with how often each entry was used."""
        return [
            {"kind": fault.kind, "match": fault.match, "times": fault.times, "taken": fault.taken}
            for fault in self._faults
        ]
