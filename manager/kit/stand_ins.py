"""Values that stand in for real ones while a query is tried: what is done to a value shows in its SQL."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

Value = int | str | date | datetime

# Two series of values that stand in for the real ones, each beside settings of another request. They differ
# in all their parts, and their text shows whatever is done to it: letters of both kinds, and such that are
# written in two ways, signs that something may escape, and spaces of the series' own around it.
SERIES = ((1, "UTC", "en"), (2, "Pacific/Kiritimati", "it"))
MOMENTS = (datetime(1601, 1, 1, tzinfo=UTC), datetime(1712, 2, 3, 4, 5, 6, 7, tzinfo=UTC))
NUMBERS = (1_900_000_000, 2_000_123_457)
SPACES = ("\u2002", "\u2003")
SIGNS = "Value \u00e5 e\u0301 %_\\ '\"<&"


class NotPrepared(TypeError):
    """A query's SQL depends on its values, or on the request around it: it cannot be prepared."""


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
