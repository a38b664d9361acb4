"""What the history's address asks for, read leniently: an unknown filter shows everything."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from billing.invoices.selectors import STATUS_GROUPS
from billing.invoices.status import InvoiceStatus

NOTES = "credit_notes"
CHOICES: list[tuple[str, str | Promise]] = [
    ("", pgettext_lazy("invoices", "All")),
    ("to_pay", _("To pay")),
    ("paid", pgettext_lazy("invoices", "Paid")),
    ("cancelled", _("Cancelled or voided")),
    (NOTES, _("Credit notes")),
]
MAX_SEARCH = 100
MOST_AMOUNT = Decimal(10**12)


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """The chosen status (or a group, or credit notes), year or days, totals in minor units, search."""

    status: str = ""
    year: int | None = None
    search: str = ""
    since: date | None = None
    until: date | None = None
    least: int | None = None
    most: int | None = None

    @classmethod
    def read(cls, query: QueryDict) -> "HistoryFilter":
        """Return the filter of a query string."""
        status, year = query.get("status", ""), query.get("year", "")
        known = status in STATUS_GROUPS or status in InvoiceStatus.values or status == NOTES
        is_year = year.isascii() and year.isdigit() and len(year) == 4
        search = "".join(character for character in query.get("q", "") if character.isprintable())
        return cls(
            status if known else "",
            int(year) if is_year else None,
            search.strip()[:MAX_SEARCH],
            since=_day(query.get("since", "")),
            until=_day(query.get("until", "")),
            least=_amount(query.get("least", "")),
            most=_amount(query.get("most", "")),
        )

    @property
    def is_set(self) -> bool:
        """Whether anything is left out."""
        return bool(self.status or self.year or self.search or self.has_more)

    @property
    def has_more(self) -> bool:
        """Whether days or amounts are chosen."""
        return any(value is not None for value in (self.since, self.until, self.least, self.most))

    @property
    def of_notes(self) -> bool:
        """Whether credit notes are shown, instead of invoices."""
        return self.status == NOTES

    def as_arguments(self) -> dict[str, Any]:
        """Return the filter as the selectors take it."""
        chosen = {
            "year": self.year,
            "search": self.search,
            "since": self.since,
            "until": self.until,
            "least": self.least,
            "most": self.most,
        }
        return chosen if self.of_notes else {**chosen, "status": self.status}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _amount(text: str) -> int | None:
    """Return an amount of major units in minor ones; what is no number, or too large, filters nothing."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    return int(value * 100) if value.is_finite() and abs(value) < MOST_AMOUNT else None
