"""Row-level security as a migration operation: the one form of a tenant's policy.

`organization_id = (select current_setting('app.organization', true)::bigint)`, forced, for reading and
writing, so that not even the table's owner passes. The role `manager_system` (periodic finders, the
operator's back office) has a policy of its own and a connection of its own.
"""

from typing import Any

from django.db.migrations.operations.base import Operation

ORGANIZATION = "(select current_setting('app.organization', true)::bigint)"
USER = "(select current_setting('app.user', true)::bigint)"


def tenant_policies(table: str, column: str = "organization_id") -> list[str]:
    """Return the statements that protect `table` by its `column`."""
    own = f"{column} = {ORGANIZATION}"
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
        f'CREATE POLICY tenant ON "{table}" USING ({own}) WITH CHECK ({own})',
        f'CREATE POLICY operator ON "{table}" TO manager_system USING (true) WITH CHECK (true)',
    ]


def _table_of(state: Any, app_label: str, model: str) -> str:
    return str(state.apps.get_model(app_label, model)._meta.db_table)  # noqa: SLF001  (Django's documented API)


class ProtectTenant(Operation):
    """Put row-level security on a model's table; `extra` are further policies by (name, clause)."""

    reduces_to_sql = True
    reversible = True

    def __init__(
        self, model: str, column: str = "organization_id", extra: tuple[tuple[str, str], ...] = ()
    ) -> None:
        self.model = model
        self.column = column
        self.extra = extra

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Leave the state of the models as it is."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Create the policies."""
        table = _table_of(to_state, app_label, self.model)
        for statement in tenant_policies(table, self.column):
            schema_editor.execute(statement)
        for name, clause in self.extra:
            schema_editor.execute(f'CREATE POLICY "{name}" ON "{table}" {clause}')

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Remove the policies."""
        table = _table_of(from_state, app_label, self.model)
        for name in ("tenant", "operator", *(name for name, _ in self.extra)):
            schema_editor.execute(f'DROP POLICY IF EXISTS "{name}" ON "{table}"')
        schema_editor.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
        schema_editor.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')

    def describe(self) -> str:
        """Return what the operation does, for `migrate`'s output."""
        return f"Put row-level security on {self.model}"
