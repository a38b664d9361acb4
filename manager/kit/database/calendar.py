"""Days of a thing as a rectangle: what an exclusion constraint compares at a third of the cost of a range.

An index of (number, range) unpacks both of each neighbour and weighs them one after the other. A rectangle
has a fixed size and is weighed at once: as wide as one number, as high as the days.
"""

from django.contrib.postgres.fields import RangeOperators
from django.db.models import F, Func


class DaysOf(Func):
    """The days (a range of dates) of a thing (a number): two overlap if the thing is the same and a day is.

    NULL where there are no days. The function of the database is made by `billing` 0031.
    """

    function = "days_of"

    def __init__(self, thing: str, days: str) -> None:
        super().__init__(F(thing), F(days))


def on_no_day_twice(thing: str, days: str) -> tuple[DaysOf, str]:
    """Return the part of an exclusion constraint by which a thing has each of its days once."""
    return DaysOf(thing, days), RangeOperators.OVERLAPS
