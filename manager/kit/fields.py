"""Choices and text that models of every floor share."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

CURRENCIES = (("CHF", "CHF"), ("EUR", "EUR"))
PERIOD_MONTHS = (1, 3, 12, 24, 36, 60)


def refuse_control_characters(value: str) -> None:
    """Refuse text with control characters (NUL, line separators …) that no name or address holds.

    :raises ValidationError: there is one; tabs and line breaks are allowed.
    """
    if any(
        (ord(character) < 32 and character not in "\t\r\n") or ord(character) == 127 for character in value
    ):
        raise ValidationError(_("Please remove the control characters."), code="control_characters")
