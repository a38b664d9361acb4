"""A kept statement: its SQL with the places of its values, and how the database is asked with it."""

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models import QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError

from manager.kit.stand_ins import Value, as_sent, sized

PLACE = re.compile("%%|%s")


@dataclass(frozen=True, slots=True)
class Statement:
    """The SQL of one shape of a query: its parameters, which value stands at which place among them, as what.

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


def fill(statement: Statement, values: dict[str, Value]) -> list[Any]:
    """Return the parameters of the statement with these values among them."""
    params = list(statement.params)
    for place, name, wanted in statement.places:
        params[place] = as_sent(wanted, values[name])
    return params


def write_out(statement: Statement) -> str:
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


def find_converters(statement: Statement) -> Iterator[tuple[int, Any, Any]]:
    """Return what reads the columns: their numbers, each with a function and the expression it is told."""
    compiler = copy.copy(statement.compiler)
    compiler.connection = connections[statement.queryset.db]
    columns = [column for column, *_more in compiler.select[: compiler.col_count]]
    for number, (functions, expression) in compiler.get_converters(columns).items():
        for function in functions:
            yield number, function, expression


class _Answer:
    """Stands for Django's compiler of a kept statement: asks the database, and reads what it answers."""

    def __init__(self, statement: Statement, values: dict[str, Value]) -> None:
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
                cursor.execute(statement.sql, tuple(fill(statement, values)))
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


def ask(statement: Statement, values: dict[str, Value]) -> list[Any]:
    """Return the rows of the statement with these values, as its queryset gives them. One query.

    :raises TransactionManagementError: it locks its rows, and no transaction is open.
    """
    known: Any = statement.queryset
    answer = _Answer(statement, values)
    query: Any = copy.copy(known.query)
    query.get_compiler = lambda *_args, **_more: answer
    bound: Any = type(known)(known.model, query, known.db)
    # What `values()` and `values_list()` note beside the query.
    bound._iterable_class = known._iterable_class  # noqa: SLF001  (see above)
    bound._fields = known._fields
    return list(bound._iterable_class(bound))  # noqa: SLF001  (see above)
