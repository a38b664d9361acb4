"""Which countries speak for the customer's place, and whether they say the same (BIL-6)."""

from collections.abc import Mapping

from django.utils.translation import pgettext_lazy
from django_countries import countries

from billing.profiles.vat import tax_country
from billing.tax.decision import EU_DESTINATION, EU_ORIGIN
from manager.kit.errors import Text

ADDRESS, ORGANIZATION, CARD, ACCOUNT = "address", "organization", "card", "account"

SOURCES: dict[str, Text] = {
    ADDRESS: pgettext_lazy("where a country comes from", "Billing address"),
    ORGANIZATION: pgettext_lazy("where a country comes from", "Organization"),
    CARD: pgettext_lazy("where a country comes from", "Card"),
    ACCOUNT: pgettext_lazy("where a country comes from", "Bank account that paid"),
}
"""What tells a country, in the order in which people read it."""

PROVED = frozenset({EU_DESTINATION, EU_ORIGIN})
"""The rules that charge VAT of the European Union to a customer in another country: they need proofs."""


def known_countries(told: Mapping[str, str]) -> dict[str, str]:
    """Return what is a country of what the sources told (ISO 3166), in their order; the rest says nothing."""
    return {source: told[source] for source in SOURCES if told.get(source, "") in countries}


def country_of_iban(iban: str) -> str:
    """Return the country that an account's number begins with, "" without a number."""
    return iban.strip()[:2].upper()


def countries_agree(known: Mapping[str, str]) -> bool:
    """Return whether the known countries have one VAT law, as Monaco and France do."""
    return len({tax_country(country) for country in known.values()}) <= 1


def name_countries(known: Mapping[str, str]) -> str:
    """Return the kept countries in words: `Billing address: Germany · Card: Germany`."""
    named = (f"{SOURCES[source]}: {countries.name(known[source])}" for source in SOURCES if source in known)
    return " · ".join(named)
