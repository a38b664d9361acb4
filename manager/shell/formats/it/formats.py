"""Dates in Italian: `7 dicembre 2026`, without a zero before the day and without the day of the week."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y H:i"
