"""Months and days of the week are named as each language names them (UI-4, BIL-6)."""

from datetime import date, timedelta

import pytest
from babel.dates import format_date
from django.conf import settings
from django.template import Context, Template
from django.utils import translation
from django.utils.formats import date_format

MONTHS = [date(2027, month, 1) for month in range(1, 13)]
WEEK = [date(2027, 3, 1) + timedelta(days=count) for count in range(7)]


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_no_word_of_ours_takes_the_place_of_a_month_or_a_day(language: str) -> None:
    """A word of a page that is written as a month, such as May, has a context of its own."""
    with translation.override(language):
        months = [date_format(day, "F").lower() for day in MONTHS]
        week = [date_format(day, "l").lower() for day in WEEK]
    assert months == [format_date(day, "LLLL", locale=language).lower() for day in MONTHS]
    assert week == [format_date(day, "EEEE", locale=language).lower() for day in WEEK]


WRITTEN = {
    "en": "May 11, 2027",
    "de": "11. Mai 2027",
    "fr": "11 mai 2027",
    "it": "11 Maggio 2027",
    "es": "11 de mayo de 2027",
}


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_pages_and_mails_write_a_day_in_may(language: str) -> None:
    """The filter of templates, which pages and mails share, names the month."""
    with translation.override(language):
        written = Template("{{ day|date }}").render(Context({"day": date(2027, 5, 11)}))
    assert written.lower() == WRITTEN[language].lower()
