"""Which currency an organization of a country pays in, and until when that can change (ORG-4)."""

from collections.abc import Callable

from manager.kit.errors import Text

FRANC_COUNTRIES = frozenset({"CH", "LI"})

Lock = Callable[[int], Text | None]

_locks: list[Lock] = []


def currency_of(country: str) -> str:
    """Return the currency of `country`, an ISO 3166 code of two letters."""
    return "CHF" if country in FRANC_COUNTRIES else "EUR"


def register_currency_lock(lock: Lock) -> None:
    """Let a floor above say why an organization (by id) keeps its currency; called once, at start."""
    if lock not in _locks:
        _locks.append(lock)


def why_currency_is_fixed(organization_id: int) -> Text | None:
    """Return why the organization keeps its currency, or None while it follows its country."""
    return next((reason for lock in _locks if (reason := lock(organization_id))), None)
