"""Rates of VAT as people write them."""

from decimal import Decimal

from babel.numbers import format_percent
from django.utils.translation import get_language

from manager.kit.money import BASIS_POINTS


def percent(basis_points: int) -> str:
    """Return a rate in basis points in the active language, such as `8.1%`."""
    locale = (get_language() or "en").replace("-", "_")
    return format_percent(Decimal(basis_points) / BASIS_POINTS, format=_pattern(locale), locale=locale)


def _pattern(locale: str) -> str:
    """Return the pattern with up to two decimals; English and Italian write no space before the sign."""
    return "#,##0.##%" if locale[:2] in {"en", "it"} else "#,##0.##\u00a0%"
