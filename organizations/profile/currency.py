"""Which currency an organization of a country pays in (ORG-4)."""

FRANC_COUNTRIES = frozenset({"CH", "LI"})


def currency_of(country: str) -> str:
    """Return the currency of `country`, an ISO 3166 code of two letters."""
    return "CHF" if country in FRANC_COUNTRIES else "EUR"
