"""What the page of figures shows: charts and tables of the same numbers."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from billing.figures.chart import Chart, draw_columns, share
from billing.figures.forecast import Forecast, MonthAhead
from billing.figures.months import full_name, short_name
from billing.figures.spend import Spend, Spent


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """A family in the table, with the length of its bar from 0 to 1000."""

    name: str
    spent: Spent
    share: int


@dataclass(frozen=True, slots=True)
class FiguresPage:
    """The page: spending with its chart and tables, and the forecast where there is something to renew."""

    spend: Spend
    spend_chart: Chart
    months: list[tuple[str, Spent]]
    families: list[FamilyRow]
    forecast: Forecast
    forecast_chart: Chart
    ahead: list[tuple[str, MonthAhead]]

    @property
    def has_spend(self) -> bool:
        """Whether anything was billed in these months."""
        return bool(self.spend.cells)


def build_page(spend: Spend, forecast: Forecast) -> FiguresPage:
    """Return what the page shows, in the active language."""
    whole = spend.whole.net
    return FiguresPage(
        spend=spend,
        spend_chart=draw_columns(
            [
                (short_name(month), f"{full_name(month)}: {spent.net.format()}", [spent.net])
                for month, spent in spend.by_month
            ]
        ),
        months=[(full_name(month), spent) for month, spent in reversed(spend.by_month)],
        families=[FamilyRow(name, spent, share(spent.net, whole)) for _slug, name, spent in spend.by_family],
        forecast=forecast,
        forecast_chart=draw_columns(
            [(short_name(row.month), _words(row), [row.automatic, row.by_hand]) for row in forecast.months]
        ),
        ahead=[(full_name(row.month), row) for row in forecast.months],
    )


def _words(row: MonthAhead) -> str:
    told = _("%(month)s: %(total)s, of which %(automatic)s by itself")
    amounts = {"total": row.net.format(), "automatic": row.automatic.format()}
    return told % {"month": full_name(row.month), **amounts}
