"""Months as figures group by them: each by its first day."""

from datetime import date

from babel.dates import format_date
from django.utils.formats import date_format
from django.utils.translation import get_language, to_locale

SPANS = (12, 24)
"""How many months a chart may show."""


def month_of(day: date) -> date:
    """Return the first day of the month of `day`."""
    return day.replace(day=1)


def shift(month: date, count: int) -> date:
    """Return the month `count` later (earlier when negative)."""
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


def past_months(today: date, count: int) -> list[date]:
    """Return the `count` months that end with the present one."""
    return [shift(month_of(today), index - count + 1) for index in range(count)]


def coming_months(today: date, count: int) -> list[date]:
    """Return the `count` months that begin with the present one."""
    return [shift(month_of(today), index) for index in range(count)]


def short_name(month: date) -> str:
    """Return a month as people shorten it in the active language, such as `Juin` and `Juil` in French."""
    return format_date(month, "LLL", locale=to_locale(get_language() or "en")).rstrip(".").capitalize()


def full_name(month: date) -> str:
    """Return a month with its year in the active language."""
    return date_format(month, "YEAR_MONTH_FORMAT")
