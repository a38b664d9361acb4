"""What a postal address needs, country by country (ORG-4).

Countries without a line are taken as they are written. The patterns say what a postal code looks like,
not which ones exist.
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError


@dataclass(frozen=True, slots=True)
class PostalRule:
    """A country's postal code: its pattern, an example for the hint, and whether an address needs one."""

    pattern: str
    example: str
    is_required: bool = True


FOUR, FIVE, SIX = r"\d{4}", r"\d{5}", r"\d{6}"

RULES: dict[str, PostalRule] = {
    "AD": PostalRule(r"AD[1-7]00", "AD500"),
    "AT": PostalRule(r"[1-9]\d{3}", "1010"),
    "AU": PostalRule(FOUR, "2000"),
    "BE": PostalRule(r"[1-9]\d{3}", "1000"),
    "BG": PostalRule(FOUR, "1000"),
    "BR": PostalRule(r"\d{5}-?\d{3}", "01310-100"),
    "CA": PostalRule(r"[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d", "K1A 0B1"),
    "CH": PostalRule(r"[1-9]\d{3}", "8001"),
    "CN": PostalRule(SIX, "100000"),
    "CY": PostalRule(FOUR, "1010"),
    "CZ": PostalRule(r"\d{3} ?\d{2}", "110 00"),
    "DE": PostalRule(FIVE, "10115"),
    "DK": PostalRule(FOUR, "1050"),
    "EE": PostalRule(FIVE, "10111"),
    "ES": PostalRule(r"(?:0[1-9]|[1-4]\d|5[0-2])\d{3}", "28001"),
    "FI": PostalRule(FIVE, "00100"),
    "FR": PostalRule(FIVE, "75001"),
    "GB": PostalRule(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", "SW1A 1AA"),
    "GR": PostalRule(r"\d{3} ?\d{2}", "105 57"),
    "HR": PostalRule(FIVE, "10000"),
    "HU": PostalRule(r"[1-9]\d{3}", "1011"),
    "IE": PostalRule(r"[A-Z]\d[\dW] ?[A-Z\d]{4}", "D02 X285", is_required=False),
    "IN": PostalRule(r"[1-9]\d{2} ?\d{3}", "110001"),
    "IS": PostalRule(r"\d{3}", "101"),
    "IT": PostalRule(FIVE, "00118"),
    "JP": PostalRule(r"\d{3}-?\d{4}", "100-0001"),
    "LI": PostalRule(r"94[89]\d", "9490"),
    "LT": PostalRule(r"(?:LT-)?\d{5}", "LT-01100"),
    "LU": PostalRule(r"(?:L-)?\d{4}", "L-1009"),
    "LV": PostalRule(r"(?:LV-)?\d{4}", "LV-1010"),
    "MC": PostalRule(r"980\d{2}", "98000"),
    "MT": PostalRule(r"[A-Z]{3} ?\d{4}", "VLT 1117"),
    "NL": PostalRule(r"[1-9]\d{3} ?[A-Z]{2}", "1011 AB"),
    "NO": PostalRule(FOUR, "0150"),
    "PL": PostalRule(r"\d{2}-\d{3}", "00-001"),
    "PT": PostalRule(r"\d{4}-\d{3}", "1000-001"),
    "RO": PostalRule(SIX, "010011"),
    "RS": PostalRule(r"\d{5,6}", "11000"),
    "SE": PostalRule(r"\d{3} ?\d{2}", "111 22"),
    "SI": PostalRule(r"(?:SI-)?\d{4}", "1000"),
    "SK": PostalRule(r"\d{3} ?\d{2}", "811 01"),
    "SM": PostalRule(r"4789\d", "47890"),
    "TR": PostalRule(FIVE, "06000"),
    "UA": PostalRule(FIVE, "01001"),
    "US": PostalRule(r"\d{5}(?:-\d{4})?", "10001"),
    "VA": PostalRule(r"00120", "00120"),
}
NO_RULE = PostalRule(r".*", "", is_required=False)


class AddressIncomplete(DomainError):
    """A part is missing that an address in that country has."""

    code = "address_incomplete"
    status = 422


class PostalCodeInvalid(DomainError):
    """The postal code is none of that country."""

    code = "postal_code_invalid"
    status = 422
    field = "postal_code"


def check_address(*, country: str, street: str, postal_code: str, city: str) -> str:
    """Return the postal code as it is written in `country` (ISO 3166); an empty address may follow later.

    :raises AddressIncomplete: some of it is given, and a part is missing that the country's addresses have.
    :raises PostalCodeInvalid: the postal code is not of the country's form.
    """
    if not (street or postal_code or city):
        return ""
    if not city:
        raise AddressIncomplete(_("Please give the town as well."), field="city")
    rule = RULES.get(country, NO_RULE)
    code = " ".join(postal_code.upper().split())
    if not code and rule.is_required:
        raise AddressIncomplete(
            _("Please give the postal code, for example %(example)s.") % {"example": rule.example},
            field="postal_code",
        )
    if code and not re.fullmatch(rule.pattern, code):
        raise PostalCodeInvalid(
            _("A postal code of this country looks like %(example)s.") % {"example": rule.example}
        )
    return code
