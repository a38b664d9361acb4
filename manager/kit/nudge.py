"""Wake a periodic drain right after the commit; best effort, as the beat finds what a nudge missed."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

_is_silent: ContextVar[bool] = ContextVar("nudges_are_silent", default=False)


@dataclass(frozen=True, slots=True)
class _Nudge:
    """What runs after the commit: one message to the workers."""

    name: str

    def __call__(self) -> None:
        try:
            current_app.send_task("manager.run_periodic", args=[self.name], retry=False, ignore_result=True)
        except (OperationalError, OSError):
            logger.warning("The broker cannot be reached; %s waits for the next beat.", self.name)


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
