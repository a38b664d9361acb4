"""Wake a periodic drain right after the commit; best effort, as the beat finds what a nudge missed."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import monotonic

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

_is_silent: ContextVar[bool] = ContextVar("nudges_are_silent", default=False)


@dataclass(slots=True)
class Gathering:
    """Nudges of many units of work that are sent together: the same one is one message."""

    _names: dict[str, None] = field(default_factory=dict)
    _sent_at: float = field(default_factory=monotonic)

    def add(self, name: str) -> None:
        """Keep a nudge for the next sending. Any thread may."""
        self._names[name] = None

    def send(self, *, every: float = 0.0) -> None:
        """Send what was gathered, unless the last time is less than `every` seconds ago. One thread does."""
        if self._names and monotonic() - self._sent_at >= every:
            self._sent_at = monotonic()
            for name in list(self._names):
                del self._names[name]
                _send(name)


_gathering: ContextVar[Gathering | None] = ContextVar("nudges_are_gathered", default=None)


@contextmanager
def gathered_nudges() -> Iterator[Gathering]:
    """Gather the nudges of the commits inside, also those of threads that begin there; the rest at the end.

    For drains whose units commit many times a second. Whoever is killed inside has sent less: what was not
    sent waits for the next beat, as with a broker that cannot be reached.
    """
    gathering = Gathering()
    token = _gathering.set(gathering)
    try:
        yield gathering
    finally:
        _gathering.reset(token)
        gathering.send()


@dataclass(frozen=True, slots=True)
class _Nudge:
    """What runs after the commit: one message to the workers, at once or with others."""

    name: str

    def __call__(self) -> None:
        gathering = _gathering.get()
        if gathering is None:
            _send(self.name)
        else:
            gathering.add(self.name)


def _send(name: str) -> None:
    try:
        current_app.send_task("manager.run_periodic", args=[name], retry=False, ignore_result=True)
    except (OperationalError, OSError):
        logger.warning("The broker cannot be reached; %s waits for the next beat.", name)


def nudge(name: str) -> None:
    """Ask a worker to run the periodic work `name` once this transaction has committed.

    Several nudges for the same work in one transaction are one message. Does nothing when the
    broker cannot be reached: no work depends on it.
    """
    if _is_silent.get():
        return
    wanted = _Nudge(name)
    waiting = transaction.get_connection().run_on_commit
    if not any(callback == wanted for _, callback, _ in waiting):
        transaction.on_commit(wanted)


def works_alone() -> bool:
    """Return whether this process does all the periodic work itself, in order and at a time of its own."""
    return _is_silent.get()


@contextmanager
def no_nudges() -> Iterator[None]:
    """Wake nobody inside: for who does all the periodic work in this process, at a time of its own."""
    token = _is_silent.set(True)
    try:
        yield
    finally:
        _is_silent.reset(token)
