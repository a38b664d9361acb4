"""Which VAT applies to a sale, and why (BIL-6)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from billing.profiles.party import Party
from billing.profiles.vat import EUROPEAN_UNION, tax_country
from billing.tax.selectors import get_rate
from manager.kit.errors import Text
from organizations.profile.vat_numbers import InvalidVatNumber, check_vat_number

DOMESTIC = "domestic"
EU_DESTINATION = "eu_destination"
REVERSE_CHARGE = "reverse_charge"
EXPORT = "export"

REASONS: dict[str, Text] = {
    DOMESTIC: _("VAT of the seller's country."),
    EU_DESTINATION: _("VAT of the customer's country, as for services to consumers in the European Union."),
    REVERSE_CHARGE: _("Reverse charge: the VAT is owed by the recipient of the service."),
    EXPORT: _("Supplied to a recipient abroad: no VAT is charged."),
}


@dataclass(frozen=True, slots=True)
class TaxDecision:
    """The rate (basis points), the rule (`code`) and the evidence for it, as plain JSON values."""

    code: str
    rate: int
    evidence: dict[str, Any]

    @property
    def reason(self) -> Text:
        """The rule in one sentence, in the active language."""
        return REASONS[self.code]


def decide_tax(*, buyer: Party, seller_country: str, on: date) -> TaxDecision:
    """Return which VAT applies to a service sold on the day `on` (BIL-6).

    Same country: its rate. European Union: the buyer owes it with a valid VAT number of a business,
    otherwise the rate of the buyer's country. Elsewhere: none.
    """
    seller, country = tax_country(seller_country), tax_country(buyer.country)
    number, number_is_valid = _check_number(buyer)
    evidence: dict[str, Any] = {
        "on": on.isoformat(),
        "seller_country": seller_country,
        "buyer_country": buyer.country,
        "buyer_kind": buyer.kind,
        "vat_number": number,
        "vat_number_check": "form" if number_is_valid else ("invalid" if number else "none"),
    }
    if country == seller:
        return TaxDecision(DOMESTIC, get_rate(country=country, on=on), evidence)
    if country in EUROPEAN_UNION:
        if number_is_valid and buyer.is_business:
            return TaxDecision(REVERSE_CHARGE, 0, evidence)
        return TaxDecision(EU_DESTINATION, get_rate(country=country, on=on), evidence)
    return TaxDecision(EXPORT, 0, evidence)


def _check_number(buyer: Party) -> tuple[str, bool]:
    try:
        number = check_vat_number(country=tax_country(buyer.country), number=buyer.vat_number)
    except InvalidVatNumber:
        return buyer.vat_number, False
    return number, bool(number)
