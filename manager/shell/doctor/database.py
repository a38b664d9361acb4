"""The database: reachable, migrated, its roles without power, its tenant tables behind row-level security."""

from collections.abc import Iterator

from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from manager.shell.doctor.findings import Finding, right, wrong

OWNER = "manager_owner"
SERVING_ROLES = ("manager_web", "manager_worker", "manager_system")

_ROLES = """
    SELECT r.rolname, r.rolsuper, r.rolbypassrls,
        (SELECT count(*) FROM pg_class c WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p'))
    FROM pg_roles r WHERE r.rolname = ANY (%s)
"""

_TENANT_TABLES = """
    SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity,
        EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id' AND NOT a.attisdropped
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
    ORDER BY c.relname
"""


def check_roles() -> Iterator[Finding]:
    """Check that no role of the panel is a superuser or passes row-level security, and who owns tables."""
    with connections["system"].cursor() as cursor:
        cursor.execute(_ROLES, [[OWNER, *SERVING_ROLES]])
        rows = {name: (superuser, bypass, tables) for name, superuser, bypass, tables in cursor.fetchall()}
    for role in (OWNER, *SERVING_ROLES):
        subject = f"role {role}"
        if role not in rows:
            yield wrong(subject, "does not exist; run manager/demo/services/sql/roles.sql")
            continue
        superuser, bypass, tables = rows[role]
        faults = [
            fault
            for fault, found in (
                ("is a superuser", superuser),
                ("passes row-level security (BYPASSRLS)", bypass),
                (f"owns {tables} tables", role != OWNER and tables),
            )
            if found
        ]
        yield (
            wrong(subject, ", ".join(faults))
            if faults
            else right(subject, "has no power that it should not have")
        )


def check_connections() -> Iterator[Finding]:
    """Check that each connection of the settings uses the role that it should."""
    expected = {
        "default": ("manager_web", "manager_worker"),
        "system": ("manager_system",),
        "owner": (OWNER,),
    }
    for alias, roles in expected.items():
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT current_user")
            user = str(cursor.fetchone()[0])
        make = right if user in roles else wrong
        yield make(f"connection {alias}", f"connects as {user}")


def check_row_security() -> Iterator[Finding]:
    """Check that every table with an organization is behind forced row-level security."""
    with connections["system"].cursor() as cursor:
        cursor.execute(_TENANT_TABLES)
        rows = cursor.fetchall()
    open_tables = [name for name, enabled, forced, policies in rows if not (enabled and forced and policies)]
    if not rows:
        yield wrong("row-level security", "no table has an organization: the database is not migrated")
    elif open_tables:
        yield wrong("row-level security", f"not forced on {', '.join(open_tables)}")
    else:
        yield right("row-level security", f"forced on all {len(rows)} tables that belong to organizations")


def check_migrations() -> Iterator[Finding]:
    """Check that every migration has been applied."""
    executor = MigrationExecutor(connections["owner"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        yield wrong("migrations", f"{len(plan)} to apply: manage.py migrate --database owner")
    else:
        yield right("migrations", "all applied")
