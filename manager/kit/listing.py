"""Lists of the API: what each may be asked for is declared, and all of them are asked alike (API-1).

A page is named by a cursor (`after`, `before`) or by its number (`page`); `filter[…]`, `search`,
`order_by`, `order` and `with` take what the operation's `Listing` allows. Anything else is refused, and the
refusal tells what is allowed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.response import Response

from manager.kit.api import success
from manager.kit.errors import DomainError
from manager.kit.fields import FIRST_YEAR, LAST_YEAR
from manager.kit.keyset import (
    COUNT_LIMIT,
    MAX_CURSOR,
    NEWEST,
    PAGE_SIZE,
    Page,
    SortKey,
    count_up_to,
    paginate_number,
    paginate_whole,
    paginate_with,
    take_page,
)

Row = TypeVar("Row", bound=Model)

MOST_ON_A_PAGE = 100
MAX_SEARCH = 100
RISING, FALLING = "asc", "desc"
TOTAL = "total"


class ListQueryRefused(DomainError):
    """A list was asked for something it does not know; `allowed` tells what it does, by parameter."""

    code = "validation_failed"
    status = 422
    message = _("Some parameters need another value.")


class PageTooFar(DomainError):
    """Pages have numbers within the first 1,000 rows only; further on, cursors lead (API-1)."""

    code = "page_too_far"
    status = 422
    field = "page"
    message = _(
        "Pages have numbers within the first 1,000 rows. Please follow `next`, or turn the order around."
    )


class DayField(serializers.DateField):
    """A day by which a list is filtered, of the years in which something can have been."""

    default_error_messages = {"implausible": _("Please choose another date.")}

    def to_internal_value(self, value: Any) -> date:
        """Return the day."""
        day = super().to_internal_value(value)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.fail("implausible")
        return day


class _Paging(serializers.Serializer[Any]):
    """What every list takes."""

    after = serializers.CharField(max_length=MAX_CURSOR, required=False, default="", allow_blank=True)
    before = serializers.CharField(max_length=MAX_CURSOR, required=False, default="", allow_blank=True)
    page = serializers.IntegerField(min_value=1, max_value=COUNT_LIMIT, required=False, default=None)
    per_page = serializers.IntegerField(
        min_value=1, max_value=MOST_ON_A_PAGE, required=False, default=PAGE_SIZE
    )


# Each of them names a page.
_PLACES = ("page", "after", "before")


def _beside_another(given: Mapping[str, str]) -> list[str]:
    """Return the parameters that name a page beside one that does already."""
    return [name for name in _PLACES if given.get(name)][1:]


class NoFilters(serializers.Serializer[Any]):
    """A list that cannot be filtered."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks of a list. `criteria` are the filters by name, and `search` where there is one."""

    criteria: dict[str, Any]
    order: str
    key: SortKey
    descending: bool
    size: int
    after: str = ""
    before: str = ""
    number: int | None = None
    wants_total: bool = False
    only_total: bool = False
    expanded: frozenset[str] = frozenset()

    @property
    def place(self) -> dict[str, Any]:
        """Return where the page lies, as selectors of lists take it."""
        return {"after": self.after, "before": self.before, "size": self.size}


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list operation may be asked for; a view with one has it as `listing`.

    The first of `orders` stands unless another is asked for, falling where `descending`. `filters` is a
    serializer whose fields are the filters: each of them has a default. `expands` are the names for `with`.
    """

    orders: Mapping[str, SortKey] = field(default_factory=lambda: {"id": NEWEST})
    descending: bool = False
    filters: type[serializers.Serializer[Any]] = NoFilters
    searched: bool = False
    expands: tuple[str, ...] = ()

    def parameters(self) -> list[str]:
        """Return the names of everything that can be asked for."""
        names = [f"filter[{name}]" for name in self.filters().fields]
        names += ["search"] if self.searched else []
        names += ["order_by", "order"] if self.orders else []
        names += ["with"] if self.expands else []
        return [*names, *_Paging().fields, "return"]

    def read(self, query: QueryDict) -> Asked:
        """Return what `query` asks for.

        :raises ListQueryRefused: a name or a value that this list does not take.
        """
        refused = _Refusals()
        known = self.parameters()
        for name in sorted(set(query) - set(known)):
            refused.add(name, _("This list does not know this parameter."), parameters=known)
        given = {name: str(query[name]) for name in known if name in query}
        paging = refused.check(_Paging(data=given))
        for name in _beside_another(given):
            refused.add(name, _("A page is named once: by `after`, by `before`, or by its number."))
        wanted = {
            name: given[f"filter[{name}]"] for name in self.filters().fields if f"filter[{name}]" in given
        }
        criteria = refused.check(self.filters(data=wanted), "filter[{}]")
        if self.searched:
            criteria["search"] = refused.text(given, "search", MAX_SEARCH)
        order = refused.choice(given, "order_by", list(self.orders))
        turned = refused.choice(given, "order", [FALLING, RISING] if self.descending else [RISING, FALLING])
        only_total = bool(refused.choice(given, "return", ["", TOTAL]))
        expanded = refused.several(given, "with", self.expands)
        refused.stop()
        return Asked(
            criteria=criteria,
            order=order,
            key=self.orders.get(order, NEWEST),
            descending=turned == FALLING,
            size=paging["per_page"],
            after=paging["after"],
            before=paging["before"],
            number=paging["page"],
            wants_total=only_total or paging["page"] is not None,
            only_total=only_total,
            expanded=expanded,
        )


def answer_list(
    asked: Asked,
    rows: QuerySet[Row] | Sequence[Any],
    write: type[serializers.Serializer[Any]] | Callable[[list[Any]], Any],
    *,
    take: Callable[..., list[Any]] | None = None,
) -> Response:
    """Answer with the page of `rows` that was asked for, each written by `write`.

    A sequence is a list that is short by its nature. `take` gives rows for the keywords of `take_page`, where
    `rows` are only to be counted.

    :raises CursorInvalid: a cursor was not made by this list in this order.
    :raises PageTooFar: a number beyond the first 1,000 rows.
    """
    counted = _count(rows) if asked.wants_total else None
    envelope: dict[str, Any] = {"next": None, "previous": None}
    if counted is not None:
        envelope |= _totals(asked, counted)
    if asked.only_total:
        return success([], **envelope)
    page = _find_page(asked, rows, counted, take)
    envelope |= {"next": page.next or None, "previous": page.previous or None}
    data = write(page.rows, many=True).data if isinstance(write, type) else write(page.rows)
    return success(data, **envelope)


def _find_page(
    asked: Asked, rows: Any, counted: int | None, take: Callable[..., list[Any]] | None
) -> Page[Any]:
    is_whole = not isinstance(rows, QuerySet)
    take = take or (lambda **place: list(take_page(rows, key=asked.key, **place)))
    sorting: dict[str, Any] = {"key": asked.key, "descending": asked.descending}
    if asked.number is None or counted is None:
        return (
            paginate_whole(rows, **asked.place) if is_whole else paginate_with(take, **sorting, **asked.place)
        )
    if counted > COUNT_LIMIT and asked.number * asked.size > COUNT_LIMIT:
        raise PageTooFar
    if is_whole:
        return paginate_whole(rows, size=asked.size, offset=(asked.number - 1) * asked.size)
    return paginate_number(take, **sorting, number=asked.number, size=asked.size, total=counted)


def _count(rows: QuerySet[Any] | Sequence[Any]) -> int:
    return count_up_to(rows) if isinstance(rows, QuerySet) else len(rows)


def _totals(asked: Asked, counted: int) -> dict[str, Any]:
    is_exact = counted <= COUNT_LIMIT
    return {
        "total": min(counted, COUNT_LIMIT),
        "is_total_exact": is_exact,
        "page": asked.number,
        "pages": -(-counted // asked.size) if is_exact else None,
        "items_per_page": asked.size,
    }


class _Refusals:
    """What is wrong with a query, with what would be right: all of it is told at once."""

    def __init__(self) -> None:
        self.fields: dict[str, Any] = {}
        self.allowed: dict[str, list[str]] = {}

    def add(self, name: str, message: Any, **allowed: list[str]) -> None:
        self.fields[name] = [str(message)]
        self.allowed |= allowed

    def check(self, given: serializers.Serializer[Any], name: str = "{}") -> dict[str, Any]:
        """Return the values of a serializer; each error stands under the parameter's own name."""
        if given.is_valid():
            return dict(given.validated_data)
        for field_name, errors in given.errors.items():
            self.fields[name.format(field_name)] = errors
            choices = getattr(given.fields.get(field_name), "choices", None)
            if choices:
                self.allowed[name.format(field_name)] = [str(choice) for choice in choices]
        return {}

    def text(self, given: Mapping[str, str], name: str, longest: int) -> str:
        value = given.get(name, "").strip()
        if len(value) > longest or "\0" in value:
            self.add(name, _("Please use at most %(count)d plain characters.") % {"count": longest})
        return value

    def choice(self, given: Mapping[str, str], name: str, choices: list[str]) -> str:
        value = given.get(name, choices[0] if choices else "")
        if choices and value not in choices:
            self.add(name, _("Please choose one of the values offered."), **{name: [c for c in choices if c]})
        return value

    def several(self, given: Mapping[str, str], name: str, choices: Sequence[str]) -> frozenset[str]:
        values = frozenset(part for part in given.get(name, "").split(",") if part)
        if values - set(choices):
            self.add(name, _("Please choose among the values offered."), **{name: list(choices)})
        return values

    def stop(self) -> None:
        """Refuse the query when anything is wrong with it."""
        if self.fields:
            raise ListQueryRefused(fields=self.fields, allowed=self.allowed)
