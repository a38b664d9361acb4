"""Write many rows of one model by one statement of PostgreSQL, with an array for each column."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import DateRangeField
from django.db import connections
from django.db.models import BooleanField, CharField, F, Field, Func, GeneratedField, JSONField, Model
from django.db.models.expressions import DatabaseDefault, RawSQL


def take_ids(model: type[Model], number: int, *, using: str) -> list[int]:
    """Return `number` ids of `model` that nothing else gets: rows can refer to what is not stored yet."""
    key = model._meta.pk.column  # noqa: SLF001  (documented API)
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [quoted_table(model), key, number],
        )
        return [row[0] for row in cursor.fetchall()]


def listed(ids: Iterable[int]) -> str:
    """Return `ids` as one value for `any_of`."""
    return f"{{{','.join(map(str, ids))}}}"


def any_of(ids: Iterable[int] | str) -> RawSQL:
    """Return `ids` for a lookup `in`, as one parameter: Django and the driver take long over hundreds."""
    told = ids if isinstance(ids, str) else listed(ids)
    return RawSQL("SELECT unnest(%s::bigint[])", [told])


def is_any_of(field: str, ids: str) -> Func:
    """Return the condition that a column is one of `listed` ids, by which PostgreSQL begins to look.

    With `any_of` it may read the whole table first, for a query that has much more to compare.
    """
    given = RawSQL("%s::bigint[]", [ids])
    return Func(
        F(field), given, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField()
    )


def quoted_table(model: type[Model], *, is_staged: bool = False) -> str:
    """Return the name of a model's table, or of the temporary one for its rows that are not stored yet."""
    name = model._meta.db_table  # noqa: SLF001  (documented API)
    return f'"staged_{name}"' if is_staged else f'"{name}"'


def insert_rows(rows: Sequence[Model], *, using: str, is_staged: bool = False) -> None:
    """Insert `rows`, all of one model, by one statement of constant form; ids are the database's where unset.

    A column in which all rows agree is sent once. Nothing is read back. With `is_staged` they go into the
    temporary table of `manager.kit.database.groups`.
    """
    if not rows:
        return
    own = [_Column.of(field, rows, using) for field in written_fields(rows)]
    varying = [column for column in own if not column.is_constant]
    source, params = _source("given", varying) if varying else ("generate_series(1, %s)", [len(rows)])
    table = quoted_table(type(rows[0]), is_staged=is_staged)
    _insert(table, [(column, "given") for column in own], source, params, using)


def insert_copies(
    samples: Sequence[Model],
    *,
    which: Sequence[int],
    given: Mapping[str, Sequence[Any]],
    using: str,
    order_by: str = "",
    is_staged: bool = False,
) -> None:
    """Insert a copy of `samples[which[n]]` for each n, by one statement; `given` are the columns of its own.

    For many rows of which few differ in more than that: what a sample says is sent once. Nothing is read
    back, and ids are the database's. They are written in the order of the column `order_by`: an index of
    ranges finds their places sooner where neighbours come one after the other. `is_staged` as for
    `insert_rows`.
    """
    if not which:
        return
    fields = written_fields(samples)
    shared = [_Column.of(field, samples, using) for field in fields if field.attname not in given]
    own = [
        _Column.with_values(field, given[field.attname], using) for field in fields if field.attname in given
    ]
    place = _Column('"sample"', "integer", which)
    sent = [place, *(column for column in own if not column.is_constant)]
    source, params = _source("given", sent)
    if varying := [column for column in shared if not column.is_constant]:
        number = _Column('"sample"', "integer", range(len(samples)))
        joined, more = _source("sample", [number, *varying])
        source, params = f'{source} JOIN {joined} USING ("sample")', [*params, *more]
    columns = [(column, "sample") for column in shared] + [(column, "given") for column in own]
    if any(column.name == f'"{order_by}"' for column in sent):
        source += f' ORDER BY given."{order_by}"'
    _insert(quoted_table(type(samples[0]), is_staged=is_staged), columns, source, params, using)


@dataclass(frozen=True, slots=True)
class _Column:
    """A column with its values, of which there is one where all rows agree."""

    name: str
    kind: str
    values: Sequence[Any]
    is_constant: bool = False

    @classmethod
    def of(cls, field: "Field[Any, Any]", rows: Sequence[Model], using: str) -> "_Column":
        return cls.with_values(field, [getattr(row, field.attname) for row in rows], using)

    @classmethod
    def with_values(cls, field: "Field[Any, Any]", values: Sequence[Any], using: str) -> "_Column":
        is_constant = values.count(values[0]) == len(values)
        plain = _plain(field, values[:1] if is_constant else values)
        return cls(f'"{field.column}"', type_of(field, connections[using]), plain, is_constant)


def written_fields(rows: Sequence[Model]) -> "list[Field[Any, Any]]":
    """Return what is written of the rows: not what the database makes itself."""
    first = rows[0]
    return [
        field
        for field in type(first)._meta.concrete_fields  # noqa: SLF001  (documented API)
        if not isinstance(field, GeneratedField)
        and not (field.primary_key and first.pk is None)
        and not isinstance(getattr(first, field.attname), DatabaseDefault)  # none of them says what it is
    ]


def _source(name: str, columns: Sequence[_Column]) -> tuple[str, list[Any]]:
    arrays = ", ".join(f"%s::{column.kind}[]" for column in columns)
    listed = ", ".join(column.name for column in columns)
    return f"unnest({arrays}) AS {name}({listed})", [_array(column.values) for column in columns]


def _insert(
    table: str,
    columns: Iterable[tuple[_Column, str]],
    source: str,
    params: Sequence[Any],
    using: str,
) -> None:
    names, chosen, constants = [], [], []
    for column, origin in columns:
        names.append(column.name)
        if column.is_constant:
            chosen.append(f"%s::{column.kind}")
            constants.append(column.values[0])
        else:
            chosen.append(f"{origin}.{column.name}")
    statement = f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(chosen)} FROM {source}"  # noqa: S608  (names of columns)
    with connections[using].cursor() as cursor:
        cursor.execute(statement, [*constants, *params])


def _array(values: Sequence[Any]) -> Any:
    """Return values as PostgreSQL writes an array: the driver takes ten times as long for a list."""
    kinds = set(map(type, values))
    if kinds <= {int}:
        return listed(values)
    if kinds == {str}:
        quoted = '","'.join(values)
        if "\\" not in quoted and quoted.count('"') == 2 * len(values) - 2:  # nothing to escape
            return f'{{"{quoted}"}}'
    if kinds <= {int, str, date, UUID, type(None)}:
        return f"{{{','.join(map(_element, values))}}}"
    return list(values)


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if type(value) is str:
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return str(value)


def type_of(field: "Field[Any, Any]", connection: Any) -> str:
    """Return the type to which a column's values are cast: text for all that is text, so that none is cut."""
    if isinstance(field, CharField):
        return "text"
    return str(field.rel_db_type(connection) if field.is_relation else field.cast_db_type(connection))


def _plain(field: "Field[Any, Any]", values: Sequence[Any]) -> Sequence[Any]:
    """Return the values as the driver sends them best: JSON and ranges of days as text."""
    if isinstance(field, JSONField):
        known: dict[int, str] = {}
        return [known.get(id(value)) or known.setdefault(id(value), json.dumps(value)) for value in values]
    if isinstance(field, DateRangeField):
        return [value and f"[{value.lower},{value.upper})" for value in values]
    if isinstance(field, CharField):  # a choice or a country as its text
        return [None if value is None else str(value) for value in values]
    return values
