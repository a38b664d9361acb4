"""Pages of a list by key: page 1 and page 4,000 cost the same, and nothing is counted.

A cursor names the last row seen by its sort value and id; the next page is what comes after it in the
same order. Lists look the same in both directions.
"""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Expression,
    F,
    Func,
    IntegerField,
    Model,
    QuerySet,
    Subquery,
    Value,
)
from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError
from manager.kit.ids import MAX_ID

Row = TypeVar("Row", bound=Model)

PAGE_SIZE = 25
# By cursor one more is read than shown, which tells whether there is a next page.
COMMON_SIZES = (PAGE_SIZE, PAGE_SIZE + 1)
MAX_CURSOR = 1000
# Nothing is counted beyond.
COUNT_LIMIT = 1000


class CursorInvalid(DomainError):
    """The cursor was not made by a list in this order."""

    code = "cursor_invalid"
    status = 400
    message = _("This place in the list is not known. Please start from its first page.")


@dataclass(frozen=True, slots=True)
class SortKey:
    """One column by which a list can be sorted; the id decides between equal values.

    `expression` is what the database sorts by (indexed together with the id), `value` gives the same of
    a row as text, and `parse` reads that text again.
    """

    expression: Expression | F
    value: Callable[[Any], str]
    parse: Callable[[str], Any] = str


def parse_number(text: str) -> int | None:
    """Return the number of an id or a place that stands in a cursor; None for one that no row can have."""
    number = int(text)
    return number if 0 <= number <= MAX_ID else None


# Most lists: what came last stands first, by its id.
NEWEST = SortKey(F("id"), lambda row: str(row.pk), parse_number)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list; `previous` and `next` are cursors for `before` and `after`, empty at the ends."""

    rows: list[Row]
    previous: str = ""
    next: str = ""


class _RowBeyond(Func):
    """`(a, b) > (x, y)`: a comparison of rows by `sign`, which PostgreSQL answers from one index."""

    output_field = BooleanField()

    def __init__(self, *expressions: Any, sign: str) -> None:
        super().__init__(*expressions)
        self.extra["sign"] = sign

    def as_sql(self, compiler: Any, *_args: Any, **_extra: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the comparison in SQL, for rows of two values."""
        parts = [compiler.compile(source) for source in self.get_source_expressions()]
        left, left_id, right, right_id = (sql for sql, _ in parts)
        params = tuple(param for _, values in parts for param in values)
        return f"({left}, {left_id}) {self.extra['sign']} ({right}, {right_id})", params


def paginate(
    queryset: QuerySet[Row],
    *,
    key: SortKey,
    descending: bool = False,
    after: str = "",
    before: str = "",
    size: int = PAGE_SIZE,
) -> Page[Row]:
    """Return the page of `queryset` after (or before) a cursor, sorted by `key` and id. One query.

    :raises CursorInvalid: the cursor was made elsewhere, or changed.
    """
    return paginate_with(
        lambda **place: list(take_page(queryset, key=key, **place)),
        key=key,
        descending=descending,
        after=after,
        before=before,
        size=size,
    )


def paginate_with(
    fetch: Callable[..., list[Row]],
    *,
    key: SortKey,
    descending: bool = False,
    after: str = "",
    before: str = "",
    size: int = PAGE_SIZE,
) -> Page[Row]:
    """Return the same of what `fetch` gives: rows as `take_page` takes them, for the same keywords.

    :raises CursorInvalid: see `paginate`.
    """
    backwards = bool(before) and not after
    falling = descending != backwards
    cursor = before if backwards else after
    place: dict[str, Any] = {}
    if cursor:
        place["value"], place["pk"] = _read(cursor, key)
    rows = fetch(falling=falling, size=size + 1, **place)
    has_more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    if not rows:
        return Page(rows)
    return Page(
        rows,
        previous=_write(rows[0], key) if (has_more if backwards else cursor) else "",
        next=_write(rows[-1], key) if (cursor if backwards else has_more) else "",
    )


def paginate_number(
    fetch: Callable[..., list[Row]],
    *,
    key: SortKey,
    descending: bool,
    number: int,
    size: int,
    total: int,
) -> Page[Row]:
    """Return a page by its number, of `total` rows that `fetch` gives, see `paginate_with`. One query.

    It is taken from the nearer end, so that the last page costs what the first does.
    """
    start = min((number - 1) * size, total)
    stop = min(start + size, total)
    if start == stop:
        return Page([])
    from_end = start > total - stop and total <= COUNT_LIMIT
    rows = fetch(
        falling=descending != from_end, size=stop - start, offset=(total - stop) if from_end else start
    )
    if from_end:
        rows.reverse()
    if not rows:  # they went between the count and the query
        return Page(rows)
    return Page(
        rows,
        previous=_write(rows[0], key) if start else "",
        next=_write(rows[-1], key) if stop < total else "",
    )


def paginate_whole(
    rows: Sequence[Any], *, after: str = "", before: str = "", size: int = PAGE_SIZE, offset: int = 0
) -> Page[Any]:
    """Return a page of a list that is at hand as a whole; its cursors name places rather than rows.

    :raises CursorInvalid: see `paginate`.
    """
    start, stop = offset, offset + size
    if after:
        start = _read(after, _PLACE)[0]
        stop = start + size
    elif before:
        stop = _read(before, _PLACE)[0]
        start = max(stop - size, 0)
    return Page(
        list(rows[start:stop]),
        previous=cursor_at(str(start), 0) if 0 < start <= len(rows) else "",
        next=cursor_at(str(stop), 0) if stop < len(rows) else "",
    )


_PLACE = SortKey(F("id"), str, parse_number)


def take_page(
    queryset: QuerySet[Row],
    *,
    key: SortKey,
    falling: bool,
    size: int,
    value: Any = None,
    pk: int | None = None,
    offset: int = 0,
) -> QuerySet[Row]:
    """Return `size` rows by `key` and id, from behind the row with this value and id where one is given.

    `offset` rows are left out before them.
    """
    if pk is not None:
        sign = "<" if falling else ">"
        queryset = queryset.filter(_RowBeyond(key.expression, F("pk"), Value(value), Value(pk), sign=sign))
    return queryset.order_by(*(e.desc() if falling else e.asc() for e in (key.expression, F("pk"))))[
        offset : offset + size
    ]


def is_among(ids: Any) -> Func:
    """Return the condition that a row's id is in `ids`, an array by which each row is found by its key."""
    return Func(F("pk"), ids, template="%(expressions)s)", arg_joiner=" = any(", output_field=BooleanField())


def ids_at(queryset: QuerySet[Any], *, key: SortKey, falling: bool, offset: int, size: int) -> Func:
    """Return the ids of `size` rows by `key` and id behind the first `offset` of them, for `is_among`.

    Of what is passed over nothing else is read. `offset` is a value of the query rather than a part of it;
    a page with a number lies within the first 1,000 rows.
    """
    passed = take_page(queryset, key=key, falling=falling, size=COUNT_LIMIT).values("pk")
    return Func(
        Subquery(passed),
        Value(offset, output_field=IntegerField()),
        template=f"ARRAY(SELECT * FROM %(expressions)s LIMIT {size:d})",  # noqa: S608  (a number)
        arg_joiner=" passed OFFSET ",
        output_field=ArrayField(BigIntegerField()),
    )


def count_up_to(queryset: QuerySet[Any], limit: int = COUNT_LIMIT) -> int:
    """Return how many rows there are, at most `limit + 1`: the database stops counting there."""
    return queryset.order_by()[: limit + 1].count()


class CountOf(Subquery):
    """The number of rows of a query, as a part of another one: several counts cost one round trip."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()
    # Somebody who sees nothing has a query without rows: Django then leaves the subquery out.
    empty_result_set_value = 0


def cursor_at(value: str, pk: int) -> str:
    """Return the cursor of a place without a row: before all rows of `value` with pk 0, after with MAX_ID."""
    text = json.dumps([value, pk], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _write(row: Model, key: SortKey) -> str:
    return cursor_at(key.value(row), row.pk)


def _read(cursor: str, key: SortKey) -> tuple[Any, int]:
    if len(cursor) > MAX_CURSOR:
        raise CursorInvalid
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        value, pk = json.loads(text)
        if not isinstance(value, str) or "\0" in value:
            raise CursorInvalid
        value.encode()  # JSON can tell of half letters, which no text has
        parsed = key.parse(value)
        if isinstance(parsed, datetime):
            # Of one form whatever offset was written: the database knows fewer of them than Python.
            parsed = parsed.astimezone(UTC) if parsed.tzinfo else None
    except (ValueError, TypeError, OverflowError, binascii.Error, RecursionError):
        raise CursorInvalid from None
    if parsed is None or type(pk) is not int or not 0 <= pk <= MAX_ID:
        raise CursorInvalid
    return parsed, pk
