"""Write one row of a model by a statement that is written once and whose plan PostgreSQL keeps.

What Django needs to write an INSERT or UPDATE is most of what a small one costs. Here the SQL is kept by the
model and its columns; values travel beside it. For rows that are written again and again, such as events.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import DatabaseError, connections, router
from django.db.models import Field, Model

from manager.kit.database.sets import quoted_table, type_of, written_fields


def insert_row(row: Model) -> None:
    """Store a new row, and set what the database makes of it: its id, and columns with a default of its own.

    As `save(force_insert=True)`, without signals.
    """
    using = router.db_for_write(type(row))
    fields = tuple(written_fields([row]))
    made, sql = _insert(type(row), fields, using)
    connection: Any = connections[using]
    with connection.planned_cursor() as cursor:
        cursor.execute(sql, _values(row, fields, connection, is_new=True))
        for field, value in zip(made, cursor.fetchone() if made else (), strict=True):
            setattr(row, field.attname, field.to_python(value))
    row._state.adding = False  # noqa: SLF001  (documented API)
    row._state.db = using  # noqa: SLF001  (documented API)


def update_row(row: Model, names: Sequence[str]) -> None:
    """Store these fields of a row.

    As `save(update_fields=names)`, without signals.

    :raises DatabaseError: the row is not there.
    """
    using = row._state.db or router.db_for_write(type(row))  # noqa: SLF001  (documented API)
    connection: Any = connections[using]
    fields, sql = _update(type(row), tuple(names), using)
    with connection.planned_cursor() as cursor:
        cursor.execute(sql, _values(row, fields, connection, is_new=False))
        if cursor.rowcount != 1:
            raise DatabaseError(f"There is no row {row.pk} of {type(row).__name__} to update.")


def _values(row: Model, fields: "Sequence[Field[Any, Any]]", connection: Any, *, is_new: bool) -> list[Any]:
    return [field.get_db_prep_save(field.pre_save(row, is_new), connection) for field in fields]


@lru_cache(maxsize=200)
def _insert(
    model: type[Model], fields: "tuple[Field[Any, Any], ...]", using: str
) -> "tuple[list[Field[Any, Any]], str]":
    made = [field for field in model._meta.concrete_fields if field.db_returning and field not in fields]  # noqa: SLF001  (documented API)
    names = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(_place(field, using) for field in fields)
    sql = f"INSERT INTO {quoted_table(model)} ({names}) VALUES ({places})"  # noqa: S608  (names of columns)
    if made:
        sql += " RETURNING " + ", ".join(f'"{field.column}"' for field in made)
    return made, sql


@lru_cache(maxsize=200)
def _update(
    model: type[Model], names: tuple[str, ...], using: str
) -> "tuple[tuple[Field[Any, Any], ...], str]":
    meta = model._meta  # noqa: SLF001  (documented API)
    known = {field.name: field for field in meta.concrete_fields}
    fields = tuple(known[name] for name in names)
    changed = ", ".join(f'"{field.column}" = {_place(field, using)}' for field in fields)
    key = f'"{meta.pk.column}" = {_place(meta.pk, using)}'
    return (*fields, meta.pk), f"UPDATE {quoted_table(model)} SET {changed} WHERE {key}"  # noqa: S608  (names of columns)


def _place(field: "Field[Any, Any]", using: str) -> str:
    return f"%s::{type_of(field, connections[using])}"
