"""The amounts of a price through time (PRD-1)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from products.catalog.differences import rebuilt
from products.catalog.timeline import Span, Timeline, find_amount, overlaps, paint

BEGIN = date(2027, 12, 1)
DAYS = [BEGIN + timedelta(days=count) for count in range(150)]  # across New Year and a leap day

strokes = st.tuples(st.none() | st.integers(0, 5), st.integers(0, 99), st.none() | st.integers(0, 40))


def painted(moves: list[tuple[int | None, int, int | None]]) -> tuple[Timeline, list[int | None]]:
    """Return the line, and what each day costs when it is told day by day."""
    line: Timeline = ()
    told: list[int | None] = [None] * len(DAYS)
    for amount, first, length in moves:
        last = None if length is None else first + length
        line = paint(line, amount, DAYS[first], None if last is None else DAYS[last])
        for number in range(first, len(DAYS) if last is None else last + 1):
            told[number] = amount
    return line, told


@given(st.lists(strokes, max_size=8))
def test_each_day_costs_what_was_said_of_it_last(
    moves: list[tuple[int | None, int, int | None]],
) -> None:
    """PRD-1: and no two amounts share a day."""
    line, told = painted(moves)
    assert [find_amount(line, day) for day in DAYS] == told
    assert not overlaps(line)


@given(st.lists(strokes, max_size=6), st.lists(strokes, max_size=6), st.integers(1, 149))
def test_an_import_keeps_the_past_and_follows_the_file_from_its_day(
    past: list[tuple[int | None, int, int | None]], wanted: list[tuple[int | None, int, int | None]], cut: int
) -> None:
    """PRD-1: what was quoted stays known."""
    was, told = painted(past)
    file, says = painted(wanted)
    line = rebuilt(was, file, DAYS[cut])
    if was:
        assert [find_amount(line, day) for day in DAYS] == told[:cut] + says[cut:]
    assert not overlaps(line)


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ((Span(1, DAYS[0], DAYS[4]), Span(2, DAYS[5])), False),
        ((Span(1, DAYS[0], DAYS[5]), Span(2, DAYS[5])), True),
        ((Span(1, DAYS[0]), Span(2, DAYS[5])), True),
        ((Span(1, DAYS[5], DAYS[4]),), True),
    ],
    ids=["one-after-the-other", "shared-day", "open-before", "backwards"],
)
def test_overlaps_are_seen(line: Timeline, wrong: bool) -> None:
    """PRD-1."""
    assert overlaps(line) == wrong
