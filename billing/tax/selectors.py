"""Read VAT rates."""

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.tax.models import TaxRate
from manager.kit.errors import DomainError


class RateMissing(DomainError):
    """No rate is known for a country that levies VAT: better no sale than a wrong invoice."""

    code = "tax_rate_missing"
    status = 409
    message = _("The VAT rate of this country is not known. Please contact us.")


def get_rate(*, country: str, on: date) -> int:
    """Return the standard rate of `country` on the day `on`, in basis points.

    :raises RateMissing: there is none.
    """
    rate = (
        TaxRate.objects.filter(
            Q(valid_until=None) | Q(valid_until__gte=on), country=country, valid_from__lte=on
        )
        .values_list("rate", flat=True)
        .first()
    )
    if rate is None:
        raise RateMissing(country=country)
    return rate
