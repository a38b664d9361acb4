"""Write many rows of one model by one statement of PostgreSQL, with an array for each column."""

import json
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db import connections
from django.db.models import CharField, Field, GeneratedField, JSONField, Model
from django.db.models.expressions import DatabaseDefault


def take_ids(model: type[Model], number: int, *, using: str) -> list[int]:
    """Return `number` ids of `model` that nothing else gets: rows can refer to what is not stored yet."""
    table, key = model._meta.db_table, model._meta.pk.column  # noqa: SLF001  (documented API)
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [f'"{table}"', key, number],
        )
        return [row[0] for row in cursor.fetchall()]


def insert_rows(rows: Sequence[Model], *, using: str) -> None:
    """Insert `rows`, all of one model, by one statement of constant form; ids are the database's where unset.

    A column in which all rows agree is sent once. Nothing is read back.
    """
    if not rows:
        return
    meta = type(rows[0])._meta  # noqa: SLF001  (documented API)
    connection = connections[using]
    names, chosen, arrays, listed = [], [], [], []
    constants: list[Any] = []
    lists: list[Any] = []
    for field in meta.concrete_fields:
        if isinstance(field, GeneratedField) or (field.primary_key and rows[0].pk is None):
            continue
        values = [getattr(row, field.attname) for row in rows]
        if isinstance(values[0], DatabaseDefault):  # none of them says what it is
            continue
        names.append(f'"{field.column}"')
        kind, first = _type_of(field, connection), values[0]
        if all(value is first or value == first for value in values):
            chosen.append(f"%s::{kind}")
            constants.append(_plain(field, [first])[0])
        else:
            chosen.append(f'given."{field.column}"')
            arrays.append(f"%s::{kind}[]")
            listed.append(f'"{field.column}"')
            lists.append(_plain(field, values))
    source = f"unnest({', '.join(arrays)}) AS given({', '.join(listed)})"
    if not arrays:
        source, lists = "generate_series(1, %s)", [len(rows)]
    statement = f'INSERT INTO "{meta.db_table}" ({", ".join(names)}) SELECT {", ".join(chosen)} FROM {source}'  # noqa: S608  (names of columns)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*constants, *lists])


def _type_of(field: "Field[Any, Any]", connection: Any) -> str:
    """Return the type to which a column's values are cast: text for all that is text, so that none is cut."""
    if isinstance(field, CharField):
        return "text"
    return str(field.rel_db_type(connection) if field.is_relation else field.cast_db_type(connection))


def _plain(field: "Field[Any, Any]", values: list[Any]) -> list[Any]:
    """Return the values as the driver sends them best: JSON and ranges of days as text."""
    if isinstance(field, JSONField):
        known: dict[int, str] = {}
        return [known.get(id(value)) or known.setdefault(id(value), json.dumps(value)) for value in values]
    if isinstance(field, DateRangeField):
        return [value and f"[{value.lower},{value.upper})" for value in values]
    if isinstance(field, CharField):  # a choice or a country as its text
        return [None if value is None else str(value) for value in values]
    return values
