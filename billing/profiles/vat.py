"""VAT numbers and the countries whose law they belong to. Only the form is checked here, nobody is asked."""

from django.utils.translation import gettext_lazy as _
from stdnum import exceptions as number_errors
from stdnum.ch import vat as swiss_vat
from stdnum.eu import vat as european_vat

from manager.kit.errors import DomainError

# Countries that another one's VAT law covers.
TERRITORIES = {"LI": "CH", "MC": "FR"}
EUROPEAN_UNION = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
)


class InvalidVatNumber(DomainError):
    """The VAT number is not one of the country."""

    code = "invalid_vat_number"
    status = 422
    message = _("This is not a valid VAT number of that country.")
    field = "vat_number"


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
