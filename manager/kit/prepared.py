"""Queries whose SQL is written once, and which are then asked with other values each time.

What Django needs to write a query is most of what a small query costs, and it writes the same SQL again for
each request. `Prepared` keeps the SQL by the query's shape, and PostgreSQL its plan where that is wished.
Rows are never kept: each call asks the database, in the scope of the present work.
"""

import copy
import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone, translation
from psycopg.types.numeric import Int2, Int4, Int8

Row = TypeVar("Row")
Value = int | str | date | datetime

# Some 100 KB each where the query is large.
MOST_SHAPES = 100
# Two series of values that stand in for the real ones, each beside settings of another request. They differ
# in all their parts, and their text shows whatever is done to it: letters of both kinds, and such that are
# written in two ways, signs that something may escape, and spaces of the series' own around it.
SERIES = ((1, "UTC", "en"), (2, "Pacific/Kiritimati", "it"))
MOMENTS = (datetime(1601, 1, 1, tzinfo=UTC), datetime(1712, 2, 3, 4, 5, 6, 7, tzinfo=UTC))
NUMBERS = (1_900_000_000, 2_000_123_457)
SPACES = ("\u2002", "\u2003")
# How many bits a number has at its place.
BITS: dict[type[Any], int] = {Int2: 16, Int4: 32, Int8: 64}
PLACE = re.compile("%%|%s")
SIGNS = "Value \u00e5 e\u0301 %_\\ '\"<&"


class NotPrepared(TypeError):
    """A query's SQL depends on its values, or on the request around it: it cannot be prepared."""


@dataclass(frozen=True, slots=True)
class _Statement:
    """The SQL of one shape: its parameters, and which value stands at which place among them, as what.

    `planned` is the same with all but the values written out, for PostgreSQL to keep with its plan; empty
    where it plans each time anew. `converters` read the columns that come in another form, by number.
    """

    queryset: QuerySet[Any]
    compiler: SQLCompiler
    sql: str
    params: tuple[Any, ...]
    places: tuple[tuple[int, str, type[Any]], ...]
    converters: tuple[tuple[int, Any, Any], ...] = ()
    planned: str = ""


class Prepared(Generic[Row]):
    """A query that `build(**values, **shape)` returns, written once for each shape.

    Values are numbers, text, days and moments, which the query must take as they are. What else changes
    the query is named in `shape`. The builder is tried with two series of values, in two languages and time
    zones, and with those of the first asker: when anything but the values differs, the query is refused
    instead of kept. Empty values ("", 0) are tried by themselves, as a builder may ask whether there is one.

    With `planned_once` PostgreSQL keeps its plan: for queries of a few rows by key, which it answers by the
    same indexes whatever the values. Of an organization's products or invoices there may be five or 100,000,
    and a plan for the average of them fits neither.
    """

    def __init__(
        self,
        build: Callable[..., QuerySet[Any, Row]],
        *,
        shape: Iterable[str] = (),
        planned_once: bool = False,
    ) -> None:
        self._build = build
        self._shape = frozenset(shape)
        self._planned_once = planned_once
        self._statements: dict[Hashable, _Statement] = {}

    def fetch(self, **given: Any) -> list[Row]:
        """Return the rows of the query with these values. One query.

        :raises NotPrepared: the query depends on more than its shape.
        """
        values = {name: value for name, value in given.items() if name not in self._shape}
        shape = {name: value for name, value in given.items() if name in self._shape}
        kinds = ((name, type(value), not value) for name, value in sorted(values.items()))
        key = (*sorted(shape.items()), *kinds)
        statement = self._statements.get(key)
        if statement is None:
            if len(self._statements) >= MOST_SHAPES:
                self._statements.clear()
            statement = self._statements[key] = self._write(values, shape)
        try:
            return _ask(statement, values)
        except OverflowError:
            return self.fetch_once(**given)

    def fetch_once(self, **given: Any) -> list[Row]:
        """Return the same without keeping the SQL: for shapes that hardly come twice. One query."""
        return list(self._build(**given))

    def first(self, **given: Any) -> Row | None:
        """Return the first row of the query, which limits itself, or None. One query."""
        return next(iter(self.fetch(**given)), None)

    def _write(self, values: dict[str, Value], shape: dict[str, Any]) -> _Statement:
        first, second = (self._try(values, shape, *series) for series in SERIES)
        if (first.sql, first.params, first.places) != (second.sql, second.params, second.places):
            raise NotPrepared(f"The query changes with more than its shape: {first.sql}")
        if missing := values.keys() - {name for _place, name, _type in first.places}:
            raise NotPrepared(f"The query does not take these values as they are: {sorted(missing)}")
        if not self._fits(first, values, shape):
            raise NotPrepared(f"The query changes with the values themselves: {first.sql}")
        return replace(
            first,
            converters=tuple(_find_converters(first)),
            planned=_write_out(first) if self._planned_once else "",
        )

    def _try(
        self, values: dict[str, Value], shape: dict[str, Any], series: int, zone: str, language: str
    ) -> _Statement:
        marks = {name: _mark(value, series, number) for number, (name, value) in enumerate(values.items())}
        with timezone.override(zone), translation.override(language):
            queryset = self._build(**marks, **shape)
            if _does_more(queryset):
                raise NotPrepared("The query locks its rows, or brings others along.")
            compiler = queryset.query.get_compiler(queryset.db)
            try:
                sql, params = compiler.as_sql()
            except EmptyResultSet as error:
                raise NotPrepared("The query is empty, or a column too small for any number.") from error
        # It belongs to this thread, and ends with it; each call has its own.
        compiler.connection = None
        places = []
        kept = list(params)
        for place, param in enumerate(params):
            name = next((name for name, mark in marks.items() if _is(param, mark)), None)
            if name is not None:
                places.append((place, name, type(param)))
                kept[place] = None
        return _Statement(queryset, compiler, sql, tuple(kept), tuple(places))

    def _fits(self, statement: _Statement, values: dict[str, Value], shape: dict[str, Any]) -> bool:
        """Return whether the query is written just so with these values."""
        queryset = self._build(**values, **shape)
        try:
            sql, params = queryset.query.get_compiler(queryset.db).as_sql()
        except EmptyResultSet:  # a number that the column cannot hold: the database finds it nowhere either
            return True
        return (sql, list(params)) == (statement.sql, _fill(statement, values))


def _does_more(queryset: QuerySet[Any]) -> bool:
    known: Any = queryset
    beside = known._prefetch_related_lookups or known._known_related_objects  # noqa: SLF001  (told nowhere else)
    return bool(beside or known.query.select_for_update)


def _mark(value: Value, series: int, number: int) -> Value:
    """Return a value of the same type that no query holds by itself."""
    at = MOMENTS[series - 1] + timedelta(days=number)
    if isinstance(value, datetime):
        return at
    if isinstance(value, date):
        return at.date()
    if isinstance(value, str):
        space = SPACES[series - 1]
        return f"{space}{series}.{number} {SIGNS}{'x' * 5000 * series}{space}"
    if type(value) is int:
        return NUMBERS[series - 1] + number
    raise NotPrepared(f"{value!r} is no value of a prepared query; name it in its shape.")


def _is(param: Any, mark: Value) -> bool:
    return isinstance(param, type(mark)) and bool(param == mark)


def _fill(statement: _Statement, values: dict[str, Value]) -> list[Any]:
    """Return the parameters of the statement with these values among them."""
    params = list(statement.params)
    for place, name, wanted in statement.places:
        params[place] = _as(wanted, values[name])
    return params


def _as(wanted: type[Any], value: Any) -> Any:
    """Return a value as it stands at its place: PostgreSQL is told the size of numbers."""
    return wanted(value) if issubclass(wanted, int) else value


def _sized(wanted: type[Any], value: Any) -> Any:
    """Return the same for a planned statement, whose values have types.

    :raises OverflowError: a number is larger than its place.
    """
    if not issubclass(wanted, int):
        return value
    size = wanted if wanted in BITS else Int8
    int(value).to_bytes(BITS[size] // 8, signed=True)
    return size(value)


def _write_out(statement: _Statement) -> str:
    """Return the statement with all parameters but the values written out, as a plan is made for these."""
    connection: Any = connections[statement.queryset.db]
    of_values = {place for place, _name, _type in statement.places}
    places = iter(range(len(statement.params)))

    def put(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%%"
        place = next(places)
        if place in of_values:
            return "%s"
        return str(connection.ops.compose_sql("%s", [statement.params[place]])).replace("%", "%%")

    return PLACE.sub(put, statement.sql)


def _find_converters(statement: _Statement) -> Iterator[tuple[int, Any, Any]]:
    """Return what reads the columns: their numbers, each with a function and the expression it is told."""
    compiler = copy.copy(statement.compiler)
    compiler.connection = connections[statement.queryset.db]
    columns = [column for column, *_more in compiler.select[: compiler.col_count]]
    for number, (functions, expression) in compiler.get_converters(columns).items():
        for function in functions:
            yield number, function, expression


class _Answer:
    """Stands for Django's compiler of a kept statement: asks the database, and reads what it answers."""

    def __init__(self, statement: _Statement, values: dict[str, Value]) -> None:
        compiler = statement.compiler
        self.select = compiler.select
        self.klass_info = compiler.klass_info
        self.annotation_col_map = compiler.annotation_col_map
        self._statement = statement
        self._values = values

    def execute_sql(self, *_args: Any, **_more: Any) -> list[tuple[Any, ...]]:
        """Ask; see Django's compiler."""
        statement, values = self._statement, self._values
        connection: Any = connections[statement.queryset.db]
        if not statement.planned:
            with connection.cursor() as cursor:
                cursor.execute(statement.sql, tuple(_fill(statement, values)))
                return cursor.fetchall()  # type: ignore[no-any-return]  # of Django's wrapper
        given = tuple(_sized(wanted, values[name]) for _place, name, wanted in statement.places)
        with connection.planned_cursor() as cursor:
            cursor.execute(statement.planned, given)
            return cursor.fetchall()  # type: ignore[no-any-return]  # of Django's wrapper

    def results_iter(self, results: Any = None, **_more: Any) -> Iterator[Any]:
        """Read the rows; see Django's compiler."""
        rows = self.execute_sql() if results is None else results
        converters = self._statement.converters
        if not converters:
            return iter(rows)
        connection = connections[self._statement.queryset.db]
        return (_read(row, converters, connection) for row in map(list, rows))


def _read(row: list[Any], converters: tuple[tuple[int, Any, Any], ...], connection: Any) -> tuple[Any, ...]:
    for number, function, expression in converters:
        row[number] = function(row[number], expression, connection)
    return tuple(row)


def _ask(statement: _Statement, values: dict[str, Value]) -> list[Any]:
    known: Any = statement.queryset
    answer = _Answer(statement, values)
    query: Any = copy.copy(known.query)
    query.get_compiler = lambda *_args, **_more: answer
    bound: Any = type(known)(known.model, query, known.db)
    # What `values()` and `values_list()` note beside the query.
    bound._iterable_class = known._iterable_class  # noqa: SLF001  (see above)
    bound._fields = known._fields
    return list(bound._iterable_class(bound))  # noqa: SLF001  (see above)
