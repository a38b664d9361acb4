"""Rectangles of days overlap exactly where the thing is the same and its days overlap (BIL-16)."""

from datetime import date

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

Bounds = tuple[date | None, date | None, str]

THINGS = st.one_of(st.integers(1, 3), st.integers(1, 2**53 - 1))
DAYS = st.dates(date(1990, 1, 1), date(2200, 12, 31))
BORDERS = st.one_of(st.dates(date(2028, 2, 25), date(2028, 3, 5)), DAYS, st.none())

ASK = """
SELECT coalesce(days_of(%s, made.one) && days_of(%s, made.other), false),
    %s::bigint = %s AND made.one && made.other
FROM (SELECT daterange(%s::date, %s::date, %s) AS one, daterange(%s::date, %s::date, %s) AS other) made
"""


@st.composite
def ranges(draw):
    """Days from one to another, with or without each of these, perhaps without end or of no day at all."""
    first, last = draw(BORDERS), draw(BORDERS)
    if first and last and first > last:
        first, last = last, first
    return first, last, draw(st.sampled_from(["[)", "[]", "(]", "()"]))


@settings(max_examples=300)
@given(one=THINGS, other=THINGS, some=ranges(), more=ranges())
def test_overlap_as_ranges_of_the_same_thing_do(one: int, other: int, some: Bounds, more: Bounds) -> None:
    """BIL-16: also days without a beginning or an end, days of none, the largest numbers and 29 February."""
    with connection.cursor() as cursor:
        cursor.execute(ASK, [one, other, one, other, *some, *more])
        rectangles, days = cursor.fetchone()
    assert rectangles == days


@pytest.mark.parametrize("thing", [2**53 - 2, 2**40, 1])
def test_neighbours_stay_apart(thing: int) -> None:
    """BIL-16: numbers of products and days that touch are told apart as far as numbers go."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT days_of(%s, '[2028-02-28,2028-03-01)') && days_of(%s, '[2028-02-28,2028-03-01)'),"
            " days_of(%s, '[2028-02-28,2028-02-29)') && days_of(%s, '[2028-02-29,2028-03-01)')",
            [thing, thing + 1, thing, thing],
        )
        assert cursor.fetchone() == (False, False)
