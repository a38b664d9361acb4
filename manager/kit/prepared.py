"""Queries whose SQL is written once, and which are then asked with other values each time.

What Django needs to write a query is most of what a small query costs, and it writes the same SQL again for
each request. `Prepared` keeps the SQL by the query's shape. Rows are never kept: each call asks the database,
in the scope of the present work.
"""

import copy
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone, translation

Row = TypeVar("Row")
Value = int | str | date | datetime

MOST_SHAPES = 500
# Two series of values that stand in for the real ones, each beside settings of another request.
SERIES = ((1, "UTC", "en"), (2, "Pacific/Kiritimati", "it"))


class NotPrepared(TypeError):
    """A query's SQL depends on its values, or on the request around it: it cannot be prepared."""


@dataclass(frozen=True, slots=True)
class _Statement:
    """The SQL of one shape: its parameters, and which value stands at which place among them, as what."""

    queryset: QuerySet[Any]
    compiler: SQLCompiler
    sql: str
    params: tuple[Any, ...]
    places: tuple[tuple[int, str, type[Any]], ...]


class Prepared(Generic[Row]):
    """A query that `build(**values, **shape)` returns, written once for each shape.

    Values are numbers, text, days and moments, which the query must take as they are. What else changes
    the query is named in `shape`. The builder is tried with two series of values, in two languages and time
    zones: when anything but the values differs, the query is refused instead of kept.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Row]], *, shape: Iterable[str] = ()) -> None:
        self._build = build
        self._shape = frozenset(shape)
        self._statements: dict[Hashable, _Statement] = {}

    def fetch(self, **given: Any) -> list[Row]:
        """Return the rows of the query with these values. One query.

        :raises NotPrepared: the query depends on more than its shape.
        """
        values = {name: value for name, value in given.items() if name not in self._shape}
        shape = {name: value for name, value in given.items() if name in self._shape}
        key = (*sorted(shape.items()), *((name, type(value)) for name, value in sorted(values.items())))
        statement = self._statements.get(key)
        if statement is None:
            if len(self._statements) >= MOST_SHAPES:
                self._statements.clear()
            statement = self._statements[key] = self._write(values, shape)
        return _ask(statement, values)

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
        return first

    def _try(
        self, values: dict[str, Value], shape: dict[str, Any], series: int, zone: str, language: str
    ) -> _Statement:
        marks = {name: _mark(value, series, number) for number, (name, value) in enumerate(values.items())}
        with timezone.override(zone), translation.override(language):
            queryset = self._build(**marks, **shape)
            compiler = queryset.query.get_compiler(queryset.db)
            sql, params = compiler.as_sql()
        places = []
        kept = list(params)
        for place, param in enumerate(params):
            name = next((name for name, mark in marks.items() if _is(param, mark)), None)
            if name is not None:
                places.append((place, name, type(param)))
                kept[place] = None
        return _Statement(queryset, compiler, sql, tuple(kept), tuple(places))


def _mark(value: Value, series: int, number: int) -> Value:
    """Return a value of the same type that no query holds by itself."""
    at = datetime(1600 + series, 1, 1, tzinfo=UTC) + timedelta(days=number)
    if isinstance(value, datetime):
        return at
    if isinstance(value, date):
        return at.date()
    if isinstance(value, str):
        # Long, with capitals, and between two spaces of the series' own: whatever is done to a text shows.
        space = "\u2002\u2003"[series - 1]
        return f"{space}{series}.{number} Value {'x' * 5000}{space}"
    if type(value) is int:
        return 1_900_000_000 + 1000 * series + number
    raise NotPrepared(f"{value!r} is no value of a prepared query; name it in its shape.")


def _is(param: Any, mark: Value) -> bool:
    return isinstance(param, type(mark)) and bool(param == mark)


def _ask(statement: _Statement, values: dict[str, Value]) -> list[Any]:
    params = list(statement.params)
    for place, name, wanted in statement.places:
        # Numbers are told to PostgreSQL with their size, each by a type of its own.
        value: Any = values[name]
        params[place] = wanted(value) if issubclass(wanted, int) else value
    known: Any = statement.queryset
    compiler: Any = copy.copy(statement.compiler)
    compiler.connection = connections[known.db]
    compiler.as_sql = lambda: (statement.sql, tuple(params))
    query: Any = copy.copy(known.query)
    query.get_compiler = lambda *_args, **_more: compiler
    bound: Any = type(known)(known.model, query, known.db)
    # What `values()` and `values_list()` note beside the query.
    bound._iterable_class = known._iterable_class  # noqa: SLF001
    bound._fields = known._fields
    return list(bound._iterable_class(bound))  # noqa: SLF001
