"""Figures as tables for spreadsheets, amounts in major units with a point (INC-31)."""

from django.utils.translation import gettext as _

from billing.figures.forecast import Forecast
from billing.figures.spend import Spend
from manager.kit.spreadsheet import write_csv


def spend_as_csv(spend: Spend) -> bytes:
    """Return one row for each month and family."""
    header = [_("Month"), _("Family"), _("Currency"), _("Total without VAT"), _("VAT"), _("Total with VAT")]
    rows = (
        [
            f"{cell.month:%Y-%m}",
            spend.names.get(cell.family) or _("Other"),
            spend.currency,
            cell.spent.net.as_decimal(),
            cell.spent.tax.as_decimal(),
            cell.spent.total.as_decimal(),
        ]
        for cell in spend.cells
    )
    return write_csv(header, rows)


def forecast_as_csv(forecast: Forecast) -> bytes:
    """Return one row for each month ahead."""
    header = [
        _("Month"),
        _("Renewals"),
        _("Currency"),
        _("Renews by itself"),
        _("To be paid by hand"),
        _("Total without VAT"),
    ]
    rows = (
        [
            f"{month.month:%Y-%m}",
            month.count,
            forecast.currency,
            month.automatic.as_decimal(),
            month.by_hand.as_decimal(),
            month.net.as_decimal(),
        ]
        for month in forecast.months
    )
    return write_csv(header, rows)
