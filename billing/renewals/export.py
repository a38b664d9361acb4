"""The renewals as a table for spreadsheets (BIL-10, UI-2)."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from billing.renewals.selectors import RenewalRow, describe, list_renewable
from manager.kit.spreadsheet import write_csv
from organizations.profile.models import Organization
from products.inventory.models import EXPIRY_ORDER

MAX_ROWS = 50_000
AT_ONCE = 1000


def renewals_as_csv(*, organization: Organization, show: str, search: str, at: datetime) -> bytes:
    """Return one row for each product that the filter finds, in the list's order, at most `MAX_ROWS`.

    Amounts are in major units with a point, no cell is a formula (INC-31).
    """
    header = [
        _("Number"),
        _("Product"),
        _("Offer"),
        _("Expires"),
        _("Months"),
        _("Automatic renewal"),
        _("Next charge"),
        _("Means"),
        _("Own means"),
        _("Billing address"),
        _("Currency"),
        _("Price without VAT"),
        _("Refused because"),
    ]
    return write_csv(header, (_row(row) for row in _rows(organization, show, search, at)))


def _rows(organization: Organization, show: str, search: str, at: datetime) -> Iterator[RenewalRow]:
    found = list_renewable(organization=organization, show=show, search=search).order_by(EXPIRY_ORDER, "pk")
    products = list(found[:MAX_ROWS])
    for start in range(0, len(products), AT_ONCE):
        yield from describe(organization=organization, products=products[start : start + AT_ONCE], at=at)


def _row(row: RenewalRow) -> list[object]:
    product = row.product
    return [
        product.pk,
        product.name,
        product.plan.name,
        product.expires_on,
        product.months,
        product.auto_renew,
        row.next_charge_on or "",
        str(row.method) if row.method else "",
        row.has_own_method,
        row.address.name if row.address else "",
        row.price.currency if row.price else "",
        str(row.price.as_decimal()) if row.price else "",
        row.decline,
    ]
