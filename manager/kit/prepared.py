"""Queries whose SQL is written once, and which are then asked with other values each time.

What Django needs to write a query is most of what a small query costs, and it writes the same SQL again for
each request. `Prepared` keeps the SQL by the query's shape, and PostgreSQL its plan where that is wished.
Rows are never kept: each call asks the database, in the scope of the present work.
"""

import copy
import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any, Generic, TypeVar
from weakref import WeakSet

from django.core.exceptions import EmptyResultSet
from django.db import connections, transaction
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError
from django.utils import timezone, translation

from manager.kit.stand_ins import (
    SERIES,
    NotPrepared,
    Value,
    as_sent,
    is_one,
    samples_for,
    sized,
    stand_in,
)

Row = TypeVar("Row")

# Some 100 KB each where the query is large.
MOST_SHAPES = 100
PLACE = re.compile("%%|%s")


@dataclass(frozen=True, slots=True)
class _Statement:
    """The SQL of one shape: its parameters, and which value stands at which place among them, as what.

    `planned` is the same with all but the values written out, for PostgreSQL to keep with its plan; empty
    where it plans each time anew. `converters` read the columns that come in another form, by number. `locks`
    tells that its rows are locked, which is for transactions only.
    """

    queryset: QuerySet[Any]
    compiler: SQLCompiler
    sql: str
    params: tuple[Any, ...]
    places: tuple[tuple[int, str, type[Any]], ...]
    converters: tuple[tuple[int, Any, Any], ...] = ()
    planned: str = ""
    locks: bool = False


def write_all_ahead() -> int:
    """Write the statements of all queries that can be, for workers before they begin; return how many."""
    return sum(query.write_ahead() for query in list(_all))


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
        self._writing = Lock()
        _all.add(self)

    def write_ahead(self) -> bool:
        """Write the statement before anybody asks, where its values have samples; return whether."""
        samples = None if self._shape else samples_for(self._build)
        if samples is not None:
            self._find(samples)
        return samples is not None

    def fetch(self, **given: Any) -> list[Row]:
        """Return the rows of the query with these values. One query.

        :raises NotPrepared: the query depends on more than its shape.
        :raises TransactionManagementError: it locks its rows, and no transaction is open.
        """
        statement, values = self._find(given)
        try:
            return _ask(statement, values)
        except OverflowError:
            return self.fetch_once(**given)

    def sql(self, **given: Any) -> tuple[str, list[Any]]:
        """Return the query's SQL and its parameters, to stand within another statement."""
        statement, values = self._find(given)
        return statement.sql, _fill(statement, values)

    def fetch_once(self, **given: Any) -> list[Row]:
        """Return the same without keeping the SQL: for shapes that hardly come twice. One query."""
        return list(self._build(**given))

    def first(self, **given: Any) -> Row | None:
        """Return the first row of the query, which limits itself, or None. One query."""
        return next(iter(self.fetch(**given)), None)

    def one(self, **given: Any) -> Row:
        """Return the one row of a query by key.

        :raises ObjectDoesNotExist: there is none; the model's own, as `get` raises it.
        """
        row = self.first(**given)
        if row is None:
            raise self._build(**given).model.DoesNotExist
        return row

    def _find(self, given: dict[str, Any]) -> tuple[_Statement, dict[str, Value]]:
        """Return the statement of a shape, and the values. Many threads that ask at once write it once."""
        values = {name: value for name, value in given.items() if name not in self._shape}
        shape = {name: value for name, value in given.items() if name in self._shape}
        kinds = ((name, type(value), not value) for name, value in sorted(values.items()))
        key = (*sorted(shape.items()), *kinds)
        if (known := self._statements.get(key)) is not None:
            return known, values
        with self._writing:
            statement = self._statements.get(key)
            if statement is None:
                if len(self._statements) >= MOST_SHAPES:
                    self._statements.clear()
                statement = self._statements[key] = self._write(values, shape)
        return statement, values

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
        marks = {name: stand_in(value, series, number) for number, (name, value) in enumerate(values.items())}
        with timezone.override(zone), translation.override(language):
            queryset = self._build(**marks, **shape)
            if _does_more(queryset):
                raise NotPrepared("The query brings other rows along.")
            compiler = queryset.query.get_compiler(queryset.db)
            try:
                sql, params = _written(compiler)
            except EmptyResultSet as error:
                raise NotPrepared("The query is empty, or a column too small for any number.") from error
        # It belongs to this thread, and ends with it; each call has its own.
        compiler.connection = None
        places = []
        kept = list(params)
        for place, param in enumerate(params):
            name = next((name for name, mark in marks.items() if is_one(param, mark)), None)
            if name is not None:
                places.append((place, name, type(param)))
                kept[place] = None
        locks = bool(queryset.query.select_for_update)
        return _Statement(queryset, compiler, sql, tuple(kept), tuple(places), locks=locks)

    def _fits(self, statement: _Statement, values: dict[str, Value], shape: dict[str, Any]) -> bool:
        """Return whether the query is written just so with these values."""
        queryset = self._build(**values, **shape)
        try:
            sql, params = _written(queryset.query.get_compiler(queryset.db))
        except EmptyResultSet:  # a number that the column cannot hold: the database finds it nowhere either
            return True
        return (sql, list(params)) == (statement.sql, _fill(statement, values))


def _written(compiler: SQLCompiler) -> tuple[str, Any]:
    """Return the SQL; Django writes what locks rows in a transaction only.

    One that is open has to go on, also after a query that is empty: no block in it may fail.
    """
    if compiler.connection.in_atomic_block:
        return compiler.as_sql()
    with transaction.atomic(using=compiler.using):
        return compiler.as_sql()


def _does_more(queryset: QuerySet[Any]) -> bool:
    known: Any = queryset
    return bool(known._prefetch_related_lookups or known._known_related_objects)  # noqa: SLF001  (told nowhere else)


def _fill(statement: _Statement, values: dict[str, Value]) -> list[Any]:
    """Return the parameters of the statement with these values among them."""
    params = list(statement.params)
    for place, name, wanted in statement.places:
        params[place] = as_sent(wanted, values[name])
    return params


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
        if statement.locks and not connection.in_atomic_block:
            raise TransactionManagementError("Rows are locked in a transaction only.")
        if not statement.planned:
            with connection.cursor() as cursor:
                cursor.execute(statement.sql, tuple(_fill(statement, values)))
                return cursor.fetchall()  # type: ignore[no-any-return]  # of Django's wrapper
        given = tuple(sized(wanted, values[name]) for _place, name, wanted in statement.places)
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


_all: "WeakSet[Prepared[Any]]" = WeakSet()
