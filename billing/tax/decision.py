"""Which VAT applies to a sale, and why (BIL-6)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from billing.profiles.party import NumberState, Party
from billing.profiles.vat import member_state, tax_country, tax_place
from billing.tax.models import Scheme
from billing.tax.selectors import PlaceRates, StoredTables, TaxTables
from manager.kit.errors import Text
from organizations.profile.vat_numbers import InvalidVatNumber, check_vat_number

DOMESTIC = "domestic"
EU_DESTINATION = "eu_destination"
EU_ORIGIN = "eu_origin"
REVERSE_CHARGE = "reverse_charge"
EXPORT = "export"

REASONS: dict[str, Text] = {
    DOMESTIC: _("VAT of the seller's country."),
    EU_DESTINATION: _("VAT of the customer's country, as for services to consumers in the European Union."),
    EU_ORIGIN: _("VAT of the seller's country, as its sales to consumers abroad are below the threshold."),
    REVERSE_CHARGE: _("Reverse charge: the VAT is owed by the recipient of the service."),
    EXPORT: _("Supplied to a recipient abroad: no VAT is charged."),
}

NONE, INVALID, FORM, REGISTER, UNKNOWN = "none", "invalid", "form", "register", "not_registered"
"""How far a VAT number was checked: there is none; its form is wrong; its form is right and no register has
answered; the register knows it; the register does not know it."""


@dataclass(frozen=True, slots=True)
class TaxDecision:
    """The rule (`code`) and the evidence for it, as plain JSON values.

    `rate` is that of the day of the decision, in basis points; `rates` are those of all days, None where no
    VAT is charged.
    """

    code: str
    rate: int
    evidence: dict[str, Any]
    rates: PlaceRates | None = None

    @property
    def reason(self) -> Text:
        """The rule in one sentence, in the active language."""
        return REASONS[self.code]


def decide_tax(
    *,
    buyer: Party,
    seller_country: str,
    on: date,
    scheme: str = Scheme.ONE_STOP_SHOP,
    tables: TaxTables | None = None,
) -> TaxDecision:
    """Return which VAT applies to a service sold on the day `on` (BIL-6).

    Same country: its rate. European Union: the buyer owes it with a valid VAT number of a business, else the
    rate of the buyer's place, or of the seller's under the `scheme` below the threshold. Elsewhere: none.
    A number whose form is right is valid until its register has said that it does not know it. The rates
    are those of `tables`, by default the stored ones.
    """
    seller = tax_country(seller_country)
    place = tax_place(country=buyer.country, postal_code=buyer.postal_code)
    number, check = _check_number(buyer, place)
    evidence: dict[str, Any] = {
        "on": on.isoformat(),
        "seller_country": seller_country,
        "buyer_country": buyer.country,
        "buyer_kind": buyer.kind,
        "place": place,
        "vat_number": number,
        "vat_number_check": check,
    }
    if check in {REGISTER, UNKNOWN}:
        evidence |= {"vat_answered_at": buyer.vat_answered_at, "vat_reference": buyer.vat_reference}
    code, taxed_at = _rule(
        seller=seller,
        place=place,
        owes_itself=buyer.is_business and check in {FORM, REGISTER},
        scheme=scheme,
    )
    rates = (tables or StoredTables()).rates_of(taxed_at) if taxed_at else None
    return TaxDecision(code, rates.on(on) if rates else 0, evidence, rates)


def _rule(*, seller: str, place: str, owes_itself: bool, scheme: str) -> tuple[str, str]:
    """Return the rule and the place whose rate it takes; `owes_itself` is a business with a valid number."""
    member = member_state(place)
    if place == seller or (member and member == seller):
        return DOMESTIC, place
    if not member:
        return EXPORT, ""
    if owes_itself:
        return REVERSE_CHARGE, ""
    if scheme == Scheme.HOME_RATE and member_state(seller):
        return EU_ORIGIN, seller
    return EU_DESTINATION, place


def _check_number(buyer: Party, place: str) -> tuple[str, str]:
    country = member_state(place) or place[:2]
    try:
        number = check_vat_number(country=country, number=buyer.vat_number)
    except InvalidVatNumber:
        return buyer.vat_number, INVALID
    if not number:
        return "", NONE
    answers = {NumberState.VALID: REGISTER, NumberState.NOT_VALID: UNKNOWN}
    return number, answers.get(NumberState(buyer.vat_state), FORM)
