"""What the history's address asks for, read leniently: an unknown filter shows everything."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.invoices.selectors import STATUS_GROUPS
from billing.invoices.status import InvoiceStatus

CHOICES: list[tuple[str, str | Promise]] = [
    ("", _("All")),
    ("to_pay", _("To pay")),
    ("paid", _("Paid")),
    ("cancelled", _("Cancelled or voided")),
]
MAX_SEARCH = 100


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """The chosen status (or group), year and search."""

    status: str = ""
    year: int | None = None
    search: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> "HistoryFilter":
        """Return the filter of a query string."""
        status, year = query.get("status", ""), query.get("year", "")
        known = status in STATUS_GROUPS or status in InvoiceStatus.values
        is_year = year.isascii() and year.isdigit() and len(year) == 4
        search = "".join(character for character in query.get("q", "") if character.isprintable())
        return cls(status if known else "", int(year) if is_year else None, search.strip()[:MAX_SEARCH])

    @property
    def is_set(self) -> bool:
        """Whether anything is left out."""
        return bool(self.status or self.year or self.search)

    def as_arguments(self) -> dict[str, Any]:
        """Return the filter as the selectors take it."""
        return {"status": self.status, "year": self.year, "search": self.search}
