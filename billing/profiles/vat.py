"""Whose VAT law applies where, for services on the internet: countries and territories (BIL-6).

Northern Ireland is in the Union for goods alone: for services it is the United Kingdom, like the Isle of Man.
Places that ISO 3166 has a code of their own for, such as Åland or Réunion, are outside by that code.
"""

import re

# Countries that another one's VAT law covers.
TERRITORIES = {"LI": "CH", "MC": "FR"}
EUROPEAN_UNION = frozenset(
    {
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU",
        "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    }
)  # fmt: skip

# Parts of a country that its postal codes tell: with a rate of their own, under another law, or under none
# that we levy. A region with a rate of its own is written as its country with a suffix and stands in
# `regions.yaml`; Büsingen is Swiss for VAT; what is not listed in RATED is outside.
BY_POSTAL_CODE: dict[str, tuple[tuple[re.Pattern[str], str], ...]] = {
    "AT": ((re.compile(r"6691|699[123]"), "AT-J"),),
    "CH": ((re.compile(r"6911"), "IT-CAMPIONE"),),
    "DE": ((re.compile(r"78266"), "CH"), (re.compile(r"27498"), "DE-HELGOLAND")),
    "ES": (
        (re.compile(r"(35|38)\d{3}"), "ES-CANARIES"),
        (re.compile(r"51\d{3}"), "ES-CEUTA"),
        (re.compile(r"52\d{3}"), "ES-MELILLA"),
    ),
    "FI": ((re.compile(r"22\d{3}"), "FI-ALAND"),),
    "FR": ((re.compile(r"9[78]\d{3}"), "FR-OVERSEAS"),),
    "GR": ((re.compile(r"63086"), "GR-ATHOS"),),
    "IT": ((re.compile(r"22061"), "IT-CAMPIONE"), (re.compile(r"23041"), "IT-LIVIGNO")),
    "PT": ((re.compile(r"9[0-3]\d{2}"), "PT-30"), (re.compile(r"9[5-9]\d{2}"), "PT-20")),
}
MONACO = re.compile(r"98000")
RATED = frozenset({"AT-J", "PT-20", "PT-30"})


def tax_country(country: str) -> str:
    """Return the country whose VAT law applies in `country`, wherever in it."""
    return TERRITORIES.get(country, country)


def tax_place(*, country: str, postal_code: str = "") -> str:
    """Return whose VAT applies at an address: a country, a region with its own rate, or a place outside.

    `postal_code` counts without spaces and hyphens, and without what follows the part that names the place.
    """
    law = tax_country(country)
    digits = re.sub(r"[\s-]", "", postal_code)
    if country == "FR" and MONACO.fullmatch(digits):
        return law
    for pattern, place in BY_POSTAL_CODE.get(country, ()):
        if pattern.match(digits):
            return place
    return law


def member_state(place: str) -> str:
    """Return the member state of the Union whose VAT law applies at `place`, "" outside of it."""
    country = place[:2]
    inside = country in EUROPEAN_UNION and (place == country or place in RATED)
    return country if inside else ""
