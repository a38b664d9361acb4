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
    """Let all connections of this process go to a fresh, migrated database; give its name.

    :raises ScratchUnavailable: there is no embedded cluster to make it in.
    """
    services = Services(find_data_dir())
    port = services.state.ports.get("postgres")
    if not services.postgres.find_pid() or str(settings.DATABASES["owner"]["PORT"]) != str(port):
        raise ScratchUnavailable
    name = f"simulation_{os.getpid()}"
    identifier = sql.Identifier(name)
    with services.postgres.connect() as connection:
        create_database(connection, name)
        # What is thrown away need not survive a power cut.
        connection.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(identifier))
    try:
        with services.postgres.connect(name) as inside:
            prepare_database(inside)
        _migrate(services.postgres.url("manager_owner", name))
        former = _point_to(name)
        try:
            yield name
        finally:
            _point_to(former)
    finally:
        with services.postgres.connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(identifier))


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
