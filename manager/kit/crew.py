"""Several units of work in flight at once: while one waits for somebody outside, others go on."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from contextvars import copy_context
from datetime import datetime, timedelta
from queue import Empty, Queue
from threading import Thread
from time import monotonic
from typing import Generic, TypeVar

from django.db import connections

Unit = TypeVar("Unit")
Result = TypeVar("Result")


class Crew(Generic[Unit, Result]):
    """Threads that work on units side by side, each with database connections of its own."""

    def __init__(self, work: Callable[[Unit, datetime], Result], *, at: datetime, most: int) -> None:
        """Let at most `most` threads call `work` with a unit and the present instant, which is `at` now."""
        self._work, self._at, self._most, self._began = work, at, most, monotonic()
        self._units: Queue[Unit | None] = Queue()
        self._results: Queue[tuple[Result | None, BaseException | None]] = Queue()
        self._threads: list[Thread] = []
        self._waiting = 0

    @property
    def worked(self) -> timedelta:
        """How long the crew has been at work."""
        return timedelta(seconds=monotonic() - self._began)

    @property
    def moment(self) -> datetime:
        """The present instant of the drain: leases count from when each unit begins, not from its start."""
        return self._at + self.worked

    @property
    def free(self) -> int:
        """How many more units can be given at this moment."""
        return self._most - self._waiting

    @property
    def is_idle(self) -> bool:
        """Whether every result was taken."""
        return not self._waiting

    def give(self, units: Sequence[Unit]) -> None:
        """Let somebody work on these, with no more threads than there is work for."""
        self._waiting += len(units)
        for unit in units:
            self._units.put(unit)
        for _number in range(min(self._most - len(self._threads), len(units))):
            thread = Thread(target=copy_context().run, args=(self._run,), name="crew", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _run(self) -> None:
        try:
            while (unit := self._units.get()) is not None:
                try:
                    self._results.put((self._work(unit, self.moment), None))
                except BaseException as error:  # noqa: BLE001  (raised again where the drain runs)
                    self._results.put((None, error))
        finally:
            connections.close_all()

    def next_result(self) -> Result | None:
        """Wait for one unit to be done and return what came of it; what it raised is raised here."""
        result, error = self._results.get()
        self._waiting -= 1
        if error is not None:
            raise error
        return result

    def dismiss(self) -> None:
        """Let all finish what they are at; what they have not begun is somebody else's after its lease."""
        with suppress(Empty):
            while True:
                self._units.get_nowait()
        for _thread in self._threads:
            self._units.put(None)
        for thread in self._threads:
            thread.join()
