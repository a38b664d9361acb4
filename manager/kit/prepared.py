"""Queries whose SQL is written once, and which are then asked with other values each time.

What Django needs to write a query is most of what a small query costs, and it writes the same SQL again for
each request. `Prepared` keeps the SQL by the query's shape, and PostgreSQL its plan where that is wished.
Rows are never kept: each call asks the database, in the scope of the present work.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from threading import Lock
from typing import Any, Generic, TypeVar
from weakref import WeakSet

from django.core.exceptions import EmptyResultSet
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone, translation

from manager.kit.stand_ins import SERIES, NotPrepared, Value, is_one, samples_for, stand_in
from manager.kit.statements import Statement, ask, fill, find_converters, write_out

Row = TypeVar("Row")

# Some 100 KB each where the query is large.
MOST_SHAPES = 100


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
        self._statements: dict[Hashable, Statement] = {}
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
            return ask(statement, values)
        except OverflowError:
            return self.fetch_once(**given)

    def sql(self, **given: Any) -> tuple[str, list[Any]]:
        """Return the query's SQL and its parameters, to stand within another statement."""
        statement, values = self._find(given)
        return statement.sql, fill(statement, values)

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

    def _find(self, given: dict[str, Any]) -> tuple[Statement, dict[str, Value]]:
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

    def _write(self, values: dict[str, Value], shape: dict[str, Any]) -> Statement:
        first, second = (self._try(values, shape, *series) for series in SERIES)
        if (first.sql, first.params, first.places) != (second.sql, second.params, second.places):
            raise NotPrepared(f"The query changes with more than its shape: {first.sql}")
        if missing := values.keys() - {name for _place, name, _type in first.places}:
            raise NotPrepared(f"The query does not take these values as they are: {sorted(missing)}")
        if not self._fits(first, values, shape):
            raise NotPrepared(f"The query changes with the values themselves: {first.sql}")
        return replace(
            first,
            converters=tuple(find_converters(first)),
            planned=write_out(first) if self._planned_once else "",
        )

    def _try(
        self, values: dict[str, Value], shape: dict[str, Any], series: int, zone: str, language: str
    ) -> Statement:
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
        return Statement(queryset, compiler, sql, tuple(kept), tuple(places), locks=locks)

    def _fits(self, statement: Statement, values: dict[str, Value], shape: dict[str, Any]) -> bool:
        """Return whether the query is written just so with these values."""
        queryset = self._build(**values, **shape)
        try:
            sql, params = _written(queryset.query.get_compiler(queryset.db))
        except EmptyResultSet:  # a number that the column cannot hold: the database finds it nowhere either
            return True
        return (sql, list(params)) == (statement.sql, fill(statement, values))


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


_all: "WeakSet[Prepared[Any]]" = WeakSet()
