"""The scope of the present work: which organization's rows, and which person's, the database shows.

The scope is a context variable; the database backend (`manager.kit.database`) tells PostgreSQL at the
start of each transaction, and row-level security does the rest. Outside of any scope both are 0 and
a query on a tenant's table returns nothing.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connections
from psycopg.pq import TransactionStatus


@dataclass(frozen=True, slots=True)
class Scope:
    """The ids that row-level security compares with; 0 means none."""

    organization_id: int = 0
    user_id: int = 0


NO_SCOPE = Scope()
_current: ContextVar[Scope] = ContextVar("scope", default=NO_SCOPE)


def current_scope() -> Scope:
    """Return the scope of the present work."""
    return _current.get()


@contextmanager
def _entered(scope: Scope) -> Iterator[Scope]:
    if scope == current_scope():  # open transactions were told before
        yield scope
        return
    token = _current.set(scope)
    _tell_open_transactions()
    try:
        yield scope
    finally:
        _current.reset(token)
        _tell_open_transactions()


def tenant_scope(organization_id: int, user_id: int | None = None) -> AbstractContextManager[Scope]:
    """Enter the scope of one organization; the person of the outer scope stays unless given.

    Use as a context manager. Works inside and outside of a transaction, and nests.
    """
    outer = current_scope()
    return _entered(Scope(organization_id, outer.user_id if user_id is None else user_id))


def person_scope(user_id: int) -> AbstractContextManager[Scope]:
    """Enter the scope of one person, in no organization: shows what is his or hers across tenants."""
    return _entered(Scope(0, user_id))


def _tell_open_transactions() -> None:
    for connection in connections.all(initialized_only=True):
        if (
            connection.in_atomic_block
            and not connection.needs_rollback
            and not connection.closed_in_transaction
            # What a statement has broken takes no other; its own error is to be seen, not one about this.
            and connection.connection.info.transaction_status != TransactionStatus.INERROR
        ):
            connection.apply_scope()  # type: ignore[attr-defined]  # of our own backend
