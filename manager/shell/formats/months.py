"""The names of months as Unicode has them: Django's own begin with a capital in Italian (UI-4)."""

from functools import lru_cache

from babel.dates import get_month_names
from django.utils.dates import MONTHS
from django.utils.functional import lazy
from django.utils.translation import get_language, to_locale


def use_month_names() -> None:
    """Have every date name its month as the active language does; called once, when the panel starts."""
    named = lazy(_name, str)
    MONTHS.update({number: named(number) for number in range(1, 13)})


def _name(number: int) -> str:
    return _names(to_locale(get_language() or "en"))[number]


@lru_cache
def _names(locale: str) -> dict[int, str]:
    return dict(get_month_names("wide", locale=locale).items())
