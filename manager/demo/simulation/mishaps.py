"""What goes wrong in a simulation with faults: by seed, on which day, and at which point (BIL-16)."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Thread

from django.db import connections

from manager.demo.psp.testing import SandboxProcess
from manager.kit.nudge import no_nudges
from manager.kit.points import watching
from products.inventory.models import Product
from products.inventory.rules import CHARGE_DAYS

Work = Callable[[datetime], None]

# Points with a transaction open at some of them: a process dies anywhere.
DEADLY = (
    "planning.batch",
    "charge.recorded",
    "charge.before_call",
    "charge.after_call",
    "charge.before_commit",
    "charge.committed",
    "relay.handled",
)
# Points between transactions, where another worker does the same work from its beginning to its end.
MEETING = ("charge.recorded", "charge.before_call", "charge.after_call", "charge.committed")
# What the provider does to calls for a charge. A timeout is a connection that is closed without an answer,
# as nobody wants to wait for it here.
ANSWERS = ("timeout_before", "answer_lost_after_success", "error_500_after_success", "error_500_before")
CHARGES = {"method": "POST", "path": "/v1/payment_intents"}
# How often of a hundred days, of those on which a charge is due and of the others.
NO_DRAIN, KILLED, BESIDE, ANSWERED = "no drain", "killed", "two at once", "provider"
CHANCES = {NO_DRAIN: 12, KILLED: 24, BESIDE: 20, ANSWERED: 24, "": 20}
QUIET = {NO_DRAIN: 50, KILLED: 5, BESIDE: 5, "": 40}
# When the work that a killed worker left is begun again: its leases are over by then.
TAKEN_OVER = timedelta(minutes=3)


class Killed(BaseException):
    """The worker ends here; no `except Exception` of the drains may hold it."""


@dataclass
class Mishaps:
    """The mishaps of a simulation. They have dice of their own: people do the same without them."""

    dice: random.Random
    provider: SandboxProcess
    counts: Counter[str] = field(default_factory=Counter)

    def work(self, work: Work, at: datetime) -> None:
        """Do the periodic work of a day, or what the day's mishap leaves of it."""
        chances = CHANCES if _is_charged(at.date()) else QUIET
        [kind] = self.dice.choices(list(chances), list(chances.values()))
        if kind:
            self.counts[f"days with {kind}" if kind != NO_DRAIN else "days without a drain"] += 1
        if kind == NO_DRAIN:
            return
        if kind == KILLED:
            self._work_and_die(work, at)
        elif kind == BESIDE:
            self._work_beside(work, at)
        elif kind == ANSWERED:
            self._work_through(work, at)
        else:
            work(at)

    def _work_and_die(self, work: Work, at: datetime) -> None:
        point, left = self.dice.choice(DEADLY), self.dice.choice([1, 1, 2, 3])
        is_taken_over = self.dice.random() < 0.5

        def die(name: str, _organization_id: int | None) -> None:
            nonlocal left
            left -= name == point
            if name == point and left == 0:
                raise Killed

        try:
            with watching(die):
                work(at)
        except Killed:
            self.counts[f"killed at {point}"] += 1
            for connection in connections.all(initialized_only=True):
                connection.close()
            if is_taken_over:
                work(at + TAKEN_OVER)

    def _work_beside(self, work: Work, at: datetime) -> None:
        point, has_met = self.dice.choice(MEETING), False

        def meet(name: str, _organization_id: int | None) -> None:
            nonlocal has_met
            if name == point and not has_met:
                has_met = True
                self.counts[f"two met at {point}"] += 1
                _work_elsewhere(work, at)

        with watching(meet):
            work(at)
        work(at)

    def _work_through(self, work: Work, at: datetime) -> None:
        kind, times = self.dice.choice(ANSWERS), self.dice.choice([1, 1, 2, 3])
        with self._answering({"kind": kind, "times": times, "ms": 0, "match": CHARGES}):
            work(at)

    @contextmanager
    def _answering(self, fault: dict[str, object]) -> Iterator[None]:
        self.provider.faults(fault)
        yield
        [used] = self.provider.get("/_faults")["faults"]
        self.counts[f"provider: {fault['kind']}"] += used["taken"]
        self.provider.faults()


def _is_charged(day: date) -> bool:
    """Return whether a charge of some product is planned for the day."""
    days = [day + timedelta(days=count) for count in CHARGE_DAYS]
    return Product.objects.using("system").filter(auto_renew=True, expires_on__in=days).exists()


def _work_elsewhere(work: Work, at: datetime) -> None:
    """Do the work in a thread with connections of its own, and wait for it."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            with no_nudges():
                work(at)
        except BaseException as error:  # noqa: BLE001  (told in the thread that waits)
            failed.append(error)
        finally:
            for connection in connections.all(initialized_only=True):
                connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]


def is_month_end(day: date) -> bool:
    """Return whether the books are compared after this day: the last one of a month."""
    return (day + timedelta(days=1)).day == 1
