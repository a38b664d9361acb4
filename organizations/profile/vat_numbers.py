"""VAT numbers, checked by their form and check digits, without asking anyone (ORG-4)."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from stdnum import get_cc_module
from stdnum.exceptions import ValidationError as WrongNumber

from manager.kit.errors import DomainError

# Liechtenstein's numbers are Swiss in form; Greece writes EL.
SWISS = frozenset({"CH", "LI"})
WRITTEN = {"GR": "EL"}
PLAIN = re.compile(r"[A-Z0-9][A-Z0-9 ./-]{2,19}")


class InvalidVatNumber(DomainError):
    """The number cannot be a VAT number of that country."""

    code = "invalid_vat_number"
    status = 422
    field = "vat_number"
    message = _("This is not a valid VAT number of the chosen country. Please check it.")


def check_vat_number(*, country: str, number: str) -> str:
    """Return `number` as it is stored, or an empty text for an empty one (ORG-4).

    Countries without known rules keep what was typed, if it looks like a number at all.

    :raises InvalidVatNumber: the check digits or the form are wrong.
    """
    typed = number.strip().upper()
    if not typed:
        return ""
    module = _rules_of(country)
    if module is None:
        if not PLAIN.fullmatch(typed):
            raise InvalidVatNumber
        return typed
    if country in SWISS and typed[-1].isdigit():
        # Many write the number of the company register alone; the VAT number ends in MWST, TVA or IVA.
        typed += " MWST"
    try:
        compact = str(module.validate(typed))
    except WrongNumber:
        raise InvalidVatNumber from None
    prefix = WRITTEN.get(country, country)
    return compact if country in SWISS or compact.startswith(prefix) else prefix + compact


def printed_vat_number(number: str) -> str:
    """Return a stored number as people write it: `CHE-107.787.577 MWST`, `DE136695976`.

    The ending of a Swiss number (MWST, TVA, IVA) stays the one that its holder uses.
    """
    if number[:3] == "CHE":
        return str(_rules_of("CH").format(number))
    return number


def _rules_of(country: str) -> Any:
    return get_cc_module("CH" if country in SWISS else country, "vat")
