"""Tries: a verb is carried out with all its checks, and then rolled back (API-5).

Within `dry_run()` everything happens in one transaction that ends in a rollback: rows, events of the outbox
and what waits for the commit are gone with it. What leaves the house cannot be rolled back: whoever calls a
provider asks `leave_the_house()` first, which refuses within a try. What was counted elsewhere (Redis) is
undone by `undo_afterwards`, but only where the try went well: guessing by tries counts like any other.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _
from psycopg.errors import LockNotAvailable

from manager.kit.errors import DomainError

# A try waits for nobody for long; its own locks are gone as soon as it is rolled back.
LOCK_TIMEOUT = "5s"

_undo: ContextVar[list[Callable[[], None]] | None] = ContextVar("dry_run", default=None)


class DryRunNotPossible(DomainError):
    """Somebody outside of the panel would be asked, which cannot be rolled back; all checks before passed."""

    code = "dry_run_not_possible"
    status = 422
    message = _("This cannot be tried without doing it: somebody outside of the panel would be asked.")


class TooBusyToTry(DomainError):
    """Somebody else is changing the same things right now."""

    code = "unavailable_for_the_moment"
    status = 503
    message = _("This is not possible at the moment. Please try again in a minute.")


def is_dry_run() -> bool:
    """Return whether the present work is a try."""
    return _undo.get() is not None


def leave_the_house() -> None:
    """Pass whoever is about to call a provider.

    :raises DryRunNotPossible: the present work is a try.
    """
    if is_dry_run():
        raise DryRunNotPossible


def undo_afterwards(undo: Callable[[], None]) -> None:
    """Call `undo` once the present try went well; does nothing outside of one."""
    undone = _undo.get()
    if undone is not None:
        undone.append(undo)


@contextmanager
def dry_run() -> Iterator[None]:
    """Carry out the block in a transaction that is rolled back, with the checks that a commit would make.

    Verbs whose transactions are durable by themselves run in it as parts of it: nothing of them is to last.

    :raises TooBusyToTry: see there.
    """
    undone: list[Callable[[], None]] = []
    token = _undo.set(undone)
    try:
        around = transaction.atomic()
        # As Django's own tests do: a durable transaction may be opened within this one.
        around._from_testcase = True  # type: ignore[attr-defined]  # noqa: SLF001  (see above)
        with around:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])
            yield
            connection.check_constraints()
            transaction.set_rollback(True)
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise TooBusyToTry from error
        raise
    finally:
        _undo.reset(token)
    for undo in undone:
        undo()
