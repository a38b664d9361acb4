"""Dates as people of each language write them (UI-4)."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation
from django.utils.formats import date_format

WRITTEN = {
    "en": ("Dec. 7, 2026", "Dec. 7, 2026, 9:05 a.m.", "December 2026", "May 2027"),
    "fr": ("7 décembre 2026", "7 décembre 2026 09:05", "décembre 2026", "mai 2027"),
    "de": ("7. Dezember 2026", "7. Dezember 2026 09:05", "Dezember 2026", "Mai 2027"),
    "it": ("7 dicembre 2026", "7 dicembre 2026 09:05", "dicembre 2026", "maggio 2027"),
    "es": (
        "7 de diciembre de 2026",
        "7 de diciembre de 2026 a las 09:05",
        "diciembre de 2026",
        "mayo de 2027",
    ),
}


@pytest.mark.parametrize("language", list(WRITTEN))
def test_a_date_reads_as_people_of_the_language_write_it(language: str) -> None:
    """UI-4: no zero before the day, and a capital only where the language has one."""
    day, moment = date(2026, 12, 7), datetime(2026, 12, 7, 9, 5, tzinfo=UTC)
    with translation.override(language):
        told = (
            date_format(day, "DATE_FORMAT"),
            date_format(moment, "DATETIME_FORMAT"),
            date_format(day, "YEAR_MONTH_FORMAT"),
            date_format(date(2027, 5, 1), "YEAR_MONTH_FORMAT"),
        )
    assert told == WRITTEN[language]
