"""Rates of VAT and their places as people write them."""

from collections.abc import Iterable
from decimal import Decimal

from babel.numbers import format_percent
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from manager.kit.errors import Text
from manager.kit.money import BASIS_POINTS

REGIONS: dict[str, Text] = {
    "AT-J": _("Jungholz and Mittelberg (Austria)"),
    "PT-20": _("Azores (Portugal)"),
    "PT-30": _("Madeira (Portugal)"),
}


def percent(basis_points: int) -> str:
    """Return a rate in basis points in the active language, such as `8.1%`."""
    locale = (get_language() or "en").replace("-", "_")
    return format_percent(Decimal(basis_points) / BASIS_POINTS, format=_pattern(locale), locale=locale)


def _pattern(locale: str) -> str:
    """Return the pattern with up to two decimals; English and Italian write no space before the sign."""
    return "#,##0.##%" if locale[:2] in {"en", "it"} else "#,##0.##\u00a0%"


def place_name(place: str) -> str:
    """Return the name of a country or region in the active language."""
    return str(REGIONS[place]) if place in REGIONS else str(countries.name(place)) or place


def place_choices(places: Iterable[str]) -> list[tuple[str, str]]:
    """Return places by their names, as choices of a field."""
    return sorted(((place, place_name(place)) for place in places), key=lambda choice: choice[1])
