"""Which VAT applies to a sale, and why (BIL-6)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from stdnum import exceptions as number_errors
from stdnum.ch import vat as swiss_vat
from stdnum.eu import vat as european_vat

from billing.profiles.party import Party
from billing.tax.selectors import get_rate
from manager.kit.errors import DomainError, Text

# Countries that another one's VAT law covers.
TERRITORIES = {"LI": "CH", "MC": "FR"}
EUROPEAN_UNION = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
)

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


class InvalidVatNumber(DomainError):
    """The VAT number is not one of the country."""

    code = "invalid_vat_number"
    status = 422
    message = _("This is not a valid VAT number of that country.")
    field = "vat_number"


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


def tax_country(country: str) -> str:
    """Return the country whose VAT law applies in `country`."""
    return TERRITORIES.get(country, country)


def clean_vat_number(number: str, country: str) -> str:
    """Return `number` in its compact form with the country's prefix, "" when empty; only its form is checked.

    :raises InvalidVatNumber: the form or the check digit is wrong, or it is another country's.
    """
    if not number.strip():
        return ""
    law = tax_country(country)
    try:
        if law == "CH":
            return swiss_vat.compact(swiss_vat.validate(number))
        if law in EUROPEAN_UNION:
            prefix = "EL" if law == "GR" else law
            compact = european_vat.compact(number)
            compact = compact if compact[:2] in {prefix, law} else prefix + compact
            return european_vat.validate(compact)
    except number_errors.ValidationError as error:
        raise InvalidVatNumber from error
    return "".join(number.split()).upper()


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
        number = clean_vat_number(buyer.vat_number, buyer.country)
    except InvalidVatNumber:
        return buyer.vat_number, False
    return number, bool(number)
