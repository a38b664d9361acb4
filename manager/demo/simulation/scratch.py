"""A database of its own for a simulation, in the embedded cluster, thrown away afterwards."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connections
from psycopg import sql

from manager.demo.run.environment import find_data_dir
from manager.demo.services import Services
from manager.demo.services.roles import create_database, prepare_database


class ScratchUnavailable(Exception):
    """The embedded PostgreSQL does not run, or the panel uses another one."""


@contextmanager
def scratch_database() -> Iterator[str]:
    """Make a fresh, migrated database beside the panel's, of which `copy_of` makes more; give its name.

    :raises ScratchUnavailable: there is no embedded cluster to make it in.
    """
    services = Services(find_data_dir())
    port = services.state.ports.get("postgres")
    if not services.postgres.find_pid() or str(settings.DATABASES["owner"]["PORT"]) != str(port):
        raise ScratchUnavailable
    name = f"simulation_{os.getpid()}"
    with services.postgres.connect() as connection:
        create_database(connection, name)
    try:
        with services.postgres.connect(name) as inside:
            prepare_database(inside)
        _migrate(services.postgres.url("manager_owner", name))
        yield name
    finally:
        _drop(services, name)


@contextmanager
def copy_of(template: str) -> Iterator[None]:
    """Let all connections of this process go to a copy of the database `template`, thrown away afterwards."""
    services = Services(find_data_dir())
    name = f"{template}_{os.getpid()}"
    identifiers = {"name": sql.Identifier(name), "template": sql.Identifier(template)}
    with services.postgres.connect() as connection:
        statement = "CREATE DATABASE {name} TEMPLATE {template}"
        connection.execute(sql.SQL(statement).format(**identifiers))
        # What is thrown away need not survive a power cut.
        connection.execute(
            sql.SQL("ALTER DATABASE {name} SET synchronous_commit = off").format(**identifiers)
        )
    try:
        with services.postgres.connect(name) as inside:
            prepare_database(inside)  # who may connect is not copied
        former = _point_to(name)
        try:
            yield
        finally:
            _point_to(former)
    finally:
        _drop(services, name)


def _drop(services: Services, name: str) -> None:
    """Drop the database and its copies, also those that an interrupted process has left."""
    known = "SELECT datname FROM pg_database WHERE datname = %s OR starts_with(datname, %s)"
    with services.postgres.connect() as connection:
        for (found,) in connection.execute(known, [name, f"{name}_"]).fetchall():
            statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(found))
            connection.execute(statement)


def _migrate(url: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--database", "owner", "--verbosity", "0", "--skip-checks"],
        cwd=Path(settings.BASE_DIR),
        env={**os.environ, "DATABASE_URL": url},
        check=True,
    )


def _point_to(name: str) -> str:
    """Let every connection lead to the database `name`; return the one before."""
    former = ""
    for alias in connections:
        connection = connections[alias]
        connection.close()
        former = str(connection.settings_dict["NAME"])
        connection.settings_dict["NAME"] = name
    return former
