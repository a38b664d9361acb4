"""Read the selection of the page *To pay* from its form or its address."""

from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict

from billing.payments.selectors import MONTHS_AHEAD
from billing.to_pay.services import DueChoice
from manager.kit.clock import add_months
from manager.kit.errors import NotFound
from manager.kit.fields import PERIOD_MONTHS

SOON, ALL, DAY = "soon", "all", "day"
BIGGEST = 18
MOST_FIELDS = 1000


@dataclass(frozen=True, slots=True)
class Selection:
    """What is shown (`show`, `until`, `search`) and what is selected, as the address says."""

    show: str = SOON
    until: date | None = None
    search: str = ""
    product_ids: tuple[int, ...] = ()
    invoice_ids: tuple[int, ...] = ()
    months: dict[int, int] = field(default_factory=dict)
    after: str = ""
    before: str = ""

    @classmethod
    def read(cls, data: QueryDict) -> "Selection":
        """Return the selection; what cannot be read is left out, as it selects nothing."""
        show = data.get("show", SOON)
        until = _day(data.get("until", ""))
        return cls(
            show=show if show in {SOON, ALL, DAY} else SOON,
            until=until if show == DAY else None,
            search=data.get("q", "").replace("\0", "").strip()[:100],
            product_ids=_ids(data.getlist("product")),
            invoice_ids=_ids(data.getlist("invoice")),
            months=_months(data),
            after=data.get("after", ""),
            before=data.get("before", ""),
        )

    def last_day(self, today: date) -> date | None:
        """Return up to which expiry products are shown, None for all."""
        if self.show == ALL:
            return None
        return self.until if self.show == DAY and self.until else add_months(today, MONTHS_AHEAD)

    @property
    def shows_soon(self) -> bool:
        """Whether the next two months are shown, as without any choice."""
        return self.show == SOON or (self.show == DAY and self.until is None)

    @property
    def shows_all(self) -> bool:
        """Whether everything is shown, however far ahead."""
        return self.show == ALL

    def choices(self, defaults: dict[int, int]) -> list[DueChoice]:
        """Return the chosen renewals; a product without a choice of its own renews as before.

        :raises NotFound: a product that is not known.
        """
        missing = [pk for pk in self.product_ids if pk not in self.months and pk not in defaults]
        if missing:
            raise NotFound
        return [DueChoice(pk, self.months.get(pk) or defaults[pk]) for pk in self.product_ids]

    def as_query(self) -> str:
        """Return the selection as the query of the page's address."""
        pairs: list[tuple[str, str]] = [("show", self.show)]
        pairs += [("until", self.until.isoformat())] if self.until else []
        pairs += [("q", self.search)] if self.search else []
        pairs += [("after", self.after)] if self.after else []
        pairs += [("before", self.before)] if self.before else []
        pairs += [("product", str(pk)) for pk in self.product_ids]
        pairs += [("invoice", str(pk)) for pk in self.invoice_ids]
        pairs += [(f"months-{pk}", str(count)) for pk, count in self.months.items()]
        return urlencode(pairs)


def _ids(values: list[str]) -> tuple[int, ...]:
    found = (
        int(value)
        for value in values[:MOST_FIELDS]
        if value.isascii() and value.isdigit() and len(value) <= BIGGEST
    )
    return tuple(dict.fromkeys(found))


def _months(data: QueryDict) -> dict[int, int]:
    found: dict[int, int] = {}
    for name in list(data)[:MOST_FIELDS]:
        if name.startswith("months-"):
            ids, lengths = _ids([name.removeprefix("months-")]), _ids([data.get(name, "")])
            if ids and lengths and lengths[0] in PERIOD_MONTHS:
                found[ids[0]] = lengths[0]
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
