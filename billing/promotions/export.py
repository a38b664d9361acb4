"""Promotional codes as a table for spreadsheets."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from billing.promotions.models import PromoCode
from billing.promotions.staff_selectors import STATES, state_of
from billing.tax.wording import percent
from manager.kit.money import Money
from manager.kit.spreadsheet import write_csv

MAX_ROWS = 50_000


def codes_as_csv(codes: Iterable[PromoCode], *, on: date) -> bytes:
    """Return one row for each code, amounts in major units with a point, no cell a formula (INC-31)."""
    header = [
        _("Code"),
        _("Note"),
        _("State"),
        _("Percent"),
        _("Amount without VAT"),
        _("Currency"),
        _("Minimum"),
        _("Plans"),
        _("Families"),
        _("Months"),
        _("First order only"),
        _("Used"),
        _("Limit in total"),
        _("Limit for each customer"),
        _("Customer number"),
        _("From"),
        _("Last day"),
    ]
    return write_csv(header, (_row(code, on) for code in codes))


def _row(code: PromoCode, on: date) -> list[object]:
    return [
        code.code,
        code.note,
        STATES[state_of(code, on=on)],
        percent(code.percent) if code.percent is not None else "",
        _amount(code.money),
        code.currency,
        _amount(code.minimum),
        " ".join(code.plans),
        " ".join(code.families),
        " ".join(str(months) for months in code.months),
        code.first_order_only,
        code.used,
        code.limit_total,
        code.limit_per_organization,
        code.only_organization,
        code.valid_from,
        code.valid_until,
    ]


def _amount(money: Money | None) -> str:
    return str(money.as_decimal()) if money is not None else ""
