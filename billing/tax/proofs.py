"""Which countries speak for the customer's place, and whether they say the same (BIL-6)."""

from collections.abc import Mapping

from django.utils.translation import pgettext_lazy
from django_countries import countries

from billing.profiles.vat import tax_country
from billing.tax.decision import EU_DESTINATION, EU_ORIGIN
from manager.kit.errors import Text

ADDRESS, ORGANIZATION, CARD, ACCOUNT, PHONE = "address", "organization", "card", "account", "phone"

SOURCES: dict[str, Text] = {
    ADDRESS: pgettext_lazy("where a country comes from", "Billing address"),
    ORGANIZATION: pgettext_lazy("where a country comes from", "Organization"),
    CARD: pgettext_lazy("where a country comes from", "Card"),
    ACCOUNT: pgettext_lazy("where a country comes from", "Bank account that paid"),
    PHONE: pgettext_lazy("where a country comes from", "Phone of a legal representative"),
}
"""What tells a country, in the order in which people read it."""

PROOFS_NEEDED = 2

PROVED = frozenset({EU_DESTINATION, EU_ORIGIN})
"""The rules that charge VAT of the European Union to a customer in another country: they need proofs."""


def known_countries(told: Mapping[str, str]) -> dict[str, str]:
    """Return what is a country of what the sources told (ISO 3166), in their order; the rest says nothing."""
    return {source: told[source] for source in SOURCES if told.get(source, "") in countries}


def country_of_iban(iban: str) -> str:
    """Return the country that an account's number begins with, "" without a number."""
    return iban.strip()[:2].upper()


def countries_agree(known: Mapping[str, str]) -> bool:
    """Return whether the known countries have one VAT law, as Monaco and France do.

    A phone of another country contradicts nothing: people take their number with them.
    """
    return len({tax_country(country) for source, country in known.items() if source != PHONE}) <= 1


def is_proved(known: Mapping[str, str], country: str) -> bool:
    """Return whether two sources that do not depend on each other speak for `country`, as EU law asks.

    Billing address and organization are one: the customer wrote both.
    """
    law = tax_country(country)
    speaking = {source for source, told in known.items() if tax_country(told) == law}
    return len({ADDRESS if source == ORGANIZATION else source for source in speaking}) >= PROOFS_NEEDED


def name_countries(known: Mapping[str, str]) -> str:
    """Return the kept countries in words: `Billing address: Germany · Card: Germany`."""
    named = (f"{SOURCES[source]}: {countries.name(known[source])}" for source in SOURCES if source in known)
    return " · ".join(named)
