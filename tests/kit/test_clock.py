"""Days and months: no day is lost at the end of a month or at the edge of a zone."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manager.kit.clock import add_months, day_in, start_of_day


class TestAddMonths:
    @pytest.mark.parametrize(
        ("day", "months", "anchor", "expected"),
        [
            (date(2027, 1, 31), 1, 31, date(2027, 2, 28)),
            (date(2027, 2, 28), 1, 31, date(2027, 3, 31)),
            (date(2028, 1, 31), 1, 31, date(2028, 2, 29)),
            (date(2028, 2, 29), 12, 29, date(2029, 2, 28)),
            (date(2031, 2, 28), 12, 29, date(2032, 2, 29)),
        ],
    )
    def test_comes_back_to_the_day_on_which_it_began(
        self, day: date, months: int, anchor: int, expected: date
    ) -> None:
        """BIL-11: month ends lose no day for good."""
        assert add_months(day, months, anchor=anchor) == expected

    @given(
        st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 1, 1)),
        st.integers(min_value=1, max_value=60),
    )
    def test_never_drifts(self, day: date, steps: int) -> None:
        """BIL-11: many months one by one are as many months at once."""
        one_by_one = day
        for _ in range(steps):
            one_by_one = add_months(one_by_one, 1, anchor=day.day)
        assert one_by_one == add_months(day, steps, anchor=day.day)


class TestDayIn:
    @pytest.mark.parametrize(
        ("zone", "expected"),
        [
            ("Pacific/Kiritimati", date(2026, 3, 30)),
            ("Pacific/Pago_Pago", date(2026, 3, 28)),
            ("UTC", date(2026, 3, 29)),
        ],
    )
    def test_is_the_date_that_people_there_write(self, zone: str, expected: date) -> None:
        """BIL-11: days are those of the organization's zone."""
        assert day_in(zone, datetime(2026, 3, 29, 10, 30, tzinfo=UTC)) == expected

    @given(st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 1, 1)))
    def test_agrees_with_the_start_of_the_day_across_clock_changes(self, day: date) -> None:
        """BIL-11: both clock changes of the year included."""
        assert day_in("Europe/Zurich", start_of_day(day, "Europe/Zurich")) == day
