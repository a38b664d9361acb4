"""The countries whose VAT law applies where."""

# Countries that another one's VAT law covers.
TERRITORIES = {"LI": "CH", "MC": "FR"}
EUROPEAN_UNION = frozenset(
    {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
        "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    }
)  # fmt: skip


def tax_country(country: str) -> str:
    """Return the country whose VAT law applies in `country`."""
    return TERRITORIES.get(country, country)
