"""PostgreSQL, with the scope of the present work told at the start of each transaction."""

from collections.abc import Callable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.backends.postgresql import base as postgresql
from django.db.backends.utils import CursorWrapper
from psycopg import ClientCursor, Cursor, sql

from manager.kit.database.commits import current_look
from manager.kit.scope import NO_SCOPE, current_scope

SET_SCOPE = "select set_config('app.organization', %s, true), set_config('app.user', %s, true)"
TOLD_BEFORE = "select set_config('app.organization', '{}', true), set_config('app.user', '{}', true); "


class ScopedCursor(ClientCursor[Any]):
    """A cursor whose single statements, outside of a transaction, carry the scope with them.

    Both go in one message, which PostgreSQL carries out as one transaction: one way there and back.
    """

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """Send the statement, behind the present scope if it opens a transaction of its own."""
        if not _tells_scope(self.connection):
            return super().execute(query, params, **options)
        if isinstance(query, sql.Composable):
            query = query.as_string(self.connection)
        scope = current_scope()
        told = TOLD_BEFORE.format(int(scope.organization_id), int(scope.user_id))
        super().execute(told + query, params, **options)
        self.nextset()
        return self


class PlannedCursor(Cursor[Any]):
    """A cursor whose statements PostgreSQL keeps with their plans, as long as the connection lasts.

    Values travel beside the statement. A single one outside of a transaction follows the present scope in
    one message, as with `ScopedCursor`; PostgreSQL carries out both as one transaction.
    """

    keeps_plans = True

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """Send the statement, behind the present scope if it opens a transaction of its own."""
        if not self.keeps_plans:
            return self._send(query, params, **options)
        self.connection.prepare_threshold = 0
        try:
            return self._send(query, params, prepare=True, **options)
        finally:
            # Else the driver would count all statements, and hold the last hundred with their values.
            self.connection.prepare_threshold = None

    def _send(self, query: Any, params: Any, **options: Any) -> Any:
        if not _tells_scope(self.connection):
            return super().execute(query, params, **options)
        scope = current_scope()
        with self.connection.pipeline():
            told = Cursor(self.connection)
            told.execute(SET_SCOPE, (str(scope.organization_id), str(scope.user_id)), **options)
            return super().execute(query, params, **options)


def _tells_scope(connection: Any) -> bool:
    """Return whether a statement opens a transaction of its own, and has a scope to tell it."""
    return current_scope() != NO_SCOPE and connection.autocommit and not connection.pgconn.transaction_status


class DatabaseWrapper(postgresql.DatabaseWrapper):
    """Django's PostgreSQL connection that carries the scope (`manager.kit.scope`).

    A transaction begins with `set_config(…, true)`, which ends with it, so that a connection never
    takes a scope to the next user of it, and a transaction-pooling proxy works. A single statement in
    a scope but outside of a transaction is one of its own, with the scope in the same message.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(_many_in_one_transaction)

    def get_connection_params(self) -> dict[str, Any]:
        """Return what to connect with: the cursors carry the scope, and `PlannedCursor` alone keeps plans."""
        params = super().get_connection_params()
        self._keeps_plans = params["prepare_threshold"] is not None
        return {**params, "prepare_threshold": None, "cursor_factory": ScopedCursor}

    def planned_cursor(self) -> CursorWrapper:
        """Return a cursor for statements that come again and again with other values (`PlannedCursor`)."""
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            cursor = PlannedCursor(self.connection)
            cursor.keeps_plans = self._keeps_plans
            return self._prepare_cursor(cursor)  # type: ignore[attr-defined, no-any-return]  # of Django's wrapper

    def set_autocommit(
        self, autocommit: bool, force_begin_transaction_with_broken_autocommit: bool = False
    ) -> None:
        """Begin (or end) a transaction; tell the scope when one begins."""
        super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
        if not autocommit and current_scope() != NO_SCOPE:
            self.apply_scope()

    def commit(self) -> None:
        """Commit, after what the present work wants to be done before (`before_each_commit`)."""
        look = current_look()
        if look is not None and self.alias == DEFAULT_DB_ALIAS:
            with self.wrap_database_errors:
                look(self.connection)
        super().commit()

    def apply_scope(self) -> None:
        """Tell the open transaction the present scope."""
        scope = current_scope()
        self.connection.execute(SET_SCOPE, (str(scope.organization_id), str(scope.user_id)))


def _many_in_one_transaction(
    execute: Callable[..., Any], statement: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    connection = context["connection"]
    alone = not connection.in_atomic_block and connection.get_autocommit()
    in_parts = many and current_scope() != NO_SCOPE
    if not alone or not (in_parts or _is_looked_at(connection, statement)):
        return execute(statement, params, many, context)
    with transaction.atomic(using=connection.alias):
        return execute(statement, params, many, context)


def _is_looked_at(connection: Any, statement: str) -> bool:
    # A composed statement is no string: it counts as one that writes.
    writes = str(statement).lstrip("( ")[:6].upper() != "SELECT"
    return writes and connection.alias == DEFAULT_DB_ALIAS and current_look() is not None
