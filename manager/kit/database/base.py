"""PostgreSQL, with the scope of the present work told at the start of each transaction."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.backends.postgresql import base as postgresql

from manager.kit.scope import NO_SCOPE, current_scope

SET_SCOPE = "select set_config('app.organization', %s, true), set_config('app.user', %s, true)"


class DatabaseWrapper(postgresql.DatabaseWrapper):
    """Django's PostgreSQL connection that carries the scope (`manager.kit.scope`).

    A transaction begins with `set_config(…, true)`, which ends with it, so that a connection never
    takes a scope to the next user of it, and a transaction-pooling proxy works. A single statement in
    a scope but outside of a transaction gets a transaction of its own.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(_in_own_transaction)

    def set_autocommit(
        self, autocommit: bool, force_begin_transaction_with_broken_autocommit: bool = False
    ) -> None:
        """Begin (or end) a transaction; tell the scope when one begins."""
        super().set_autocommit(autocommit, force_begin_transaction_with_broken_autocommit)
        if not autocommit and current_scope() != NO_SCOPE:
            self.apply_scope()

    def apply_scope(self) -> None:
        """Tell the open transaction the present scope."""
        scope = current_scope()
        self.connection.execute(SET_SCOPE, (str(scope.organization_id), str(scope.user_id)))


def _in_own_transaction(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    connection = context["connection"]
    if connection.in_atomic_block or not connection.get_autocommit() or current_scope() == NO_SCOPE:
        return execute(sql, params, many, context)
    with transaction.atomic(using=connection.alias):
        return execute(sql, params, many, context)
