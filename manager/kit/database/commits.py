"""Something to be done in each transaction of a piece of work, as the last thing before it is committed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

# Gets the driver's own connection; what it raises must be a `django.db.DatabaseError`, and rolls back.
Look = Callable[[Any], None]

_look: ContextVar[Look | None] = ContextVar("before_each_commit", default=None)


@contextmanager
def before_each_commit(look: Look) -> Iterator[None]:
    """Call `look` inside the block before each commit on the connection `default`.

    A single statement that writes is a transaction of its own, with the look in it.
    """
    token = _look.set(look)
    try:
        yield
    finally:
        _look.reset(token)


def current_look() -> Look | None:
    """Return what is to be called before a commit now, if anything."""
    return _look.get()
