"""Databases of the suite: a migrated template, a copy for each process, and the cleaner between tests."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import psycopg
from psycopg import sql

from manager.demo.services import Services
from manager.demo.services.roles import create_database, prepare_database

ROOT = Path(__file__).resolve().parent.parent
KEPT_TEMPLATES = 3

# Written by migrations and never by a test.
FIXED = ("django_migrations", "django_content_type", "auth_permission")

_TABLES = """
    SELECT c.relname FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    ORDER BY c.relname
"""


def find_template_name() -> str:
    """Return a name that changes with all that decides how a fresh database looks.

    The process that starts the tests decides it once, as files may be edited meanwhile.
    """
    if "TEST_TEMPLATE" in os.environ:
        return os.environ["TEST_TEMPLATE"]
    digest = hashlib.sha256()
    sources = [
        *ROOT.glob("*/migrations/**/*.py"),
        *ROOT.glob("*/migrations/**/*.sql"),
        *ROOT.glob("manager/*/migrations/**/*.py"),
        *ROOT.glob("manager/demo/services/sql/*.sql"),
        *ROOT.glob("manager/kit/rowsecurity.py"),
        *ROOT.glob("requirements/base.txt"),
        ROOT / "manager" / "settings" / "base.py",
        Path(__file__),
    ]
    for path in sorted(sources):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return f"template_{digest.hexdigest()[:16]}"


def ensure_template(services: Services) -> str:
    """Return the name of the migrated template, made first unless an earlier run has left it.

    :raises RuntimeError: when a migration fails, with its output.
    """
    name = find_template_name()
    with services.postgres.connect() as connection:
        ready = connection.execute(
            "SELECT NOT datallowconn FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
        if ready and ready[0]:
            return name
        _drop(connection, name)
        create_database(connection, name)
        with services.postgres.connect(name) as inside:
            prepare_database(inside)
        _migrate(services, name)
        with services.postgres.connect(name) as inside:
            _install_cleaner(inside)
        # Closed to connections it can be copied at any time, and is known to be complete.
        connection.execute(
            sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS false").format(sql.Identifier(name))
        )
        _forget_old_templates(connection)
    return name


def _migrate(services: Services, name: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--database", "owner", "--verbosity", "0", "--skip-checks"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": services.postgres.url("manager_owner", name)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"The migrations failed:\n{done.stdout}\n{done.stderr}")


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _forget_old_templates(connection: psycopg.Connection) -> None:
    rows = connection.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, 'template_') ORDER BY oid DESC"
    ).fetchall()
    for (name,) in rows[KEPT_TEMPLATES:]:
        _drop(connection, name)


def _install_cleaner(connection: psycopg.Connection) -> None:
    """Write the function that empties what a test filled, from the tables that the migrations made.

    Tables with rows of the migrations are put back as they were; sequences go on, so that no test can
    rely on an id. As replica no trigger fires and no foreign key is checked.
    """
    connection.execute("CREATE SCHEMA testing")
    lines = []
    for (table,) in connection.execute(_TABLES).fetchall():
        name = sql.Identifier("public", table)
        if table in FIXED:
            continue
        has_rows = connection.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(name)).fetchone()
        if has_rows and has_rows[0]:
            copy = sql.Identifier("testing", table)
            connection.execute(sql.SQL("CREATE TABLE {} AS TABLE {}").format(copy, name))
            lines.append(_restore(name, copy))
        else:
            lines.append(sql.SQL("IF EXISTS (SELECT FROM {0}) THEN DELETE FROM {0}; END IF;").format(name))
    body = sql.SQL("\n").join(lines).as_string(connection)
    connection.execute(
        f"""
        CREATE FUNCTION testing.clean() RETURNS void LANGUAGE plpgsql
        SET session_replication_role = replica
        SET lock_timeout = '20s'
        SET plan_cache_mode = force_generic_plan
        AS $clean$ BEGIN
        {body}
        END $clean$
        """.encode()
    )


def _restore(name: sql.Composable, copy: sql.Composable) -> sql.Composed:
    return sql.SQL(
        """
        IF EXISTS (
            (SELECT t::text FROM {0} t EXCEPT ALL SELECT c::text FROM {1} c)
            UNION ALL
            (SELECT c::text FROM {1} c EXCEPT ALL SELECT t::text FROM {0} t)
        ) THEN
            DELETE FROM {0};
            INSERT INTO {0} OVERRIDING SYSTEM VALUE TABLE {1};
        END IF;
        """
    ).format(name, copy)


class TestDatabase:
    """The copy of the template that one test process works on."""

    __test__ = False

    def __init__(self, services: Services, number: int) -> None:
        self.services = services
        self.name = f"test_{number}"
        self._cleaner: psycopg.Connection | None = None

    def create(self) -> None:
        """Make a fresh copy, in place of one that a killed run left."""
        with self.services.postgres.connect() as connection:
            _drop(connection, self.name)
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER manager_owner TEMPLATE {} STRATEGY file_copy").format(
                    sql.Identifier(self.name), sql.Identifier(find_template_name())
                )
            )
        # Rights on a database are no part of its template.
        with self.connect() as inside:
            prepare_database(inside)

    def drop(self) -> None:
        """Drop the copy, ending whatever is still connected to it."""
        self.close()
        with self.services.postgres.connect() as connection:
            _drop(connection, self.name)

    def connect(self) -> psycopg.Connection:
        """Return an autocommit connection of the superuser to the copy."""
        return self.services.postgres.connect(self.name)

    def url(self, role: str) -> str:
        """Return the copy's address for a role."""
        return self.services.postgres.url(role, self.name)

    def clean(self) -> None:
        """Empty every table that has rows, in one round trip."""
        if self._cleaner is None or self._cleaner.closed:
            self._cleaner = self.connect()
        self._cleaner.execute("SELECT testing.clean()")

    def close(self) -> None:
        """Close the cleaner's connection."""
        if self._cleaner is not None:
            self._cleaner.close()
            self._cleaner = None
