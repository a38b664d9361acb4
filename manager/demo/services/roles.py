"""Roles, database and default privileges, from the SQL files that an operator runs with psql."""

import re
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql

SQL = Path(__file__).parent / "sql"


def create_roles(connection: psycopg.Connection, passwords: Mapping[str, str]) -> None:
    """Create or update the four roles; `passwords` by role name. Needs a superuser's connection."""
    values = {name.removeprefix("manager_") + "_password": secret for name, secret in passwords.items()}
    connection.execute(_render(SQL / "roles.sql", values, connection).encode())


def create_database(connection: psycopg.Connection, name: str) -> bool:
    """Create the database `name` unless it exists. Returns whether it was created."""
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return False
    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return True


def prepare_database(connection: psycopg.Connection) -> None:
    """Add extensions, ownership and default privileges to the connected database."""
    connection.execute((SQL / "database.sql").read_bytes())


def _render(path: Path, values: Mapping[str, str], connection: psycopg.Connection) -> str:
    def literal(match: re.Match[str]) -> str:
        return sql.Literal(values[match[1]]).as_string(connection)

    return re.sub(r":'(\w+)'", literal, path.read_text())
