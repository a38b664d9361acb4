"""The values of prepared queries: what stands in for them while a query is tried, and how they are sent."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from inspect import signature
from typing import Any

from psycopg.types.numeric import Int2, Int4, Int8

Value = int | str | date | datetime

# Two series of values that stand in for the real ones, each beside settings of another request. They differ
# in all their parts, and their text shows whatever is done to it: letters of both kinds, and such that are
# written in two ways, signs that something may escape, and spaces of the series' own around it.
SERIES = ((1, "UTC", "en"), (2, "Pacific/Kiritimati", "it"))
MOMENTS = (datetime(1601, 1, 1, tzinfo=UTC), datetime(1712, 2, 3, 4, 5, 6, 7, tzinfo=UTC))
NUMBERS = (1_900_000_000, 2_000_123_457)
SPACES = ("\u2002", "\u2003")
SIGNS = "Value \u00e5 e\u0301 %_\\ '\"<&"

# Real values, where nobody has given any yet.
MOMENT = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
SAMPLES: dict[Any, Value] = {int: 1, str: "x", date: MOMENT.date(), datetime: MOMENT}

# How many bits a number has at its place.
BITS: dict[type[Any], int] = {Int2: 16, Int4: 32, Int8: 64}


class NotPrepared(TypeError):
    """A query's SQL depends on its values, or on the request around it: it cannot be prepared."""


def samples_for(build: Callable[..., Any]) -> dict[str, Value] | None:
    """Return a value for each that `build` takes, none empty; None where one does not tell its type."""
    types = {name: given.annotation for name, given in signature(build).parameters.items()}
    return (
        {name: SAMPLES[kind] for name, kind in types.items()}
        if set(types.values()) <= SAMPLES.keys()
        else None
    )


def stand_in(value: Value, series: int, number: int) -> Value:
    """Return a value of the same type that no query holds by itself.

    :raises NotPrepared: it is of another type.
    """
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


def is_one(param: Any, mark: Value) -> bool:
    """Return whether a parameter is a stand-in, just as it was given."""
    return isinstance(param, type(mark)) and bool(param == mark)


def as_sent(wanted: type[Any], value: Any) -> Any:
    """Return a value as it stands at its place: PostgreSQL is told the size of numbers."""
    return wanted(value) if issubclass(wanted, int) else value


def sized(wanted: type[Any], value: Any) -> Any:
    """Return the same for a planned statement, whose values have types.

    :raises OverflowError: a number is larger than its place.
    """
    if not issubclass(wanted, int):
        return value
    size = wanted if wanted in BITS else Int8
    int(value).to_bytes(BITS[size] // 8, signed=True)
    return size(value)
