"""Choices and text that models of every floor share."""

import unicodedata
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

CURRENCIES = (("CHF", "CHF"), ("EUR", "EUR"))
PERIOD_MONTHS = (1, 3, 12, 24, 36, 60)
PERIOD_CHOICES = tuple((months, months) for months in PERIOD_MONTHS)

# The years in which something here can have been, or can be planned.
FIRST_YEAR, LAST_YEAR = 1990, 2200


# Line and paragraph separators, what turns the direction of a text, and what stands for broken bytes.
UNWANTED = frozenset("\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffd")


def refuse_implausible_day(day: date) -> None:
    """Refuse a day so far away that time zones cannot be reckoned there.

    :raises ValidationError: it lies before 1990 or after 2200.
    """
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(_("Please choose another date."), code="implausible")


def refuse_control_characters(value: str) -> None:
    """Refuse text with characters (NUL, line separators …) that no name or address holds.

    :raises ValidationError: there is one; tabs and line breaks are allowed.
    """
    if any(
        character in UNWANTED or (unicodedata.category(character) == "Cc" and character not in "\t\r\n")
        for character in value
    ):
        raise ValidationError(_("Please remove the control characters."), code="control_characters")
