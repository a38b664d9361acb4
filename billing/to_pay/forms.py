"""Read the selection of the page *To pay* from its form or its address."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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
    """What is shown (`show`, `until`, `search`, `kind`), what is selected, and the address to bill it to.

    What stands on other pages is kept as one short text, so that the address of 200 things stays short:
    `kept=12-13.24-i7` are the product 12 as before, 13 for 24 months, and the invoice 7.
    """

    show: str = SOON
    until: date | None = None
    search: str = ""
    kind: str = ""
    product_ids: tuple[int, ...] = ()
    invoice_ids: tuple[int, ...] = ()
    months: Mapping[int, int] = field(default_factory=dict)
    address_id: int | None = None
    after: str = ""
    before: str = ""

    @classmethod
    def read(cls, data: QueryDict) -> "Selection":
        """Return the selection; what cannot be read is left out, as it selects nothing."""
        show = data.get("show", SOON)
        until = _day(data.get("until", ""))
        if until and "shown" in data and not data.get("shown", "").startswith(DAY):
            show = DAY  # a day was entered just now
        kept = data.get("kept", "").split("-")[:MOST_FIELDS]
        products = [text for text in kept if not text.startswith("i")]
        lengths = dict(text.split(".", 1) for text in products if "." in text)
        lengths |= {name: data.get(f"months-{name}", "") for name in _named(data)}
        return cls(
            show=show if show in {SOON, ALL, DAY} else SOON,
            until=until if show == DAY else None,
            search=data.get("q", "").replace("\0", "").strip()[:100],
            kind=data.get("kind", "").replace("\0", "")[:50],
            product_ids=_ids([*data.getlist("product"), *(text.split(".")[0] for text in products)]),
            invoice_ids=_ids(
                [
                    *data.getlist("invoice"),
                    *data.getlist("selected"),
                    *(text[1:] for text in kept if text[:1] == "i"),
                ]
            ),
            months=_months(lengths),
            address_id=next(iter(_ids([data.get("address", "")])), None),
            after=data.get("after", ""),
            before=data.get("before", ""),
        )

    def last_day(self, today: date) -> date | None:
        """Return up to which expiry products are shown, None for all."""
        if self.show == ALL:
            return None
        return self.until if self.show == DAY and self.until else add_months(today, MONTHS_AHEAD)

    @property
    def shown(self) -> str:
        """The filter as one text: the form carries it, to begin anew with another one."""
        return "|".join([self.show, self.until.isoformat() if self.until else "", self.search, self.kind])

    @property
    def is_filtered(self) -> bool:
        """Whether less is shown than all that is due in this time."""
        return bool(self.search or self.kind)

    def choices(self, defaults: Mapping[int, int]) -> list[DueChoice]:
        """Return the chosen renewals; a product without a choice of its own renews as before.

        :raises NotFound: a product that is not known.
        """
        missing = [pk for pk in self.product_ids if pk not in self.months and pk not in defaults]
        if missing:
            raise NotFound
        return [DueChoice(pk, self.months.get(pk) or defaults[pk]) for pk in self.product_ids]

    def without(self, defaults: Mapping[int, int]) -> "Selection":
        """Return the selection without periods that are the product's own, which need not be told."""
        told = {pk: length for pk, length in self.months.items() if defaults.get(pk) != length}
        return replace(self, months=told)

    def as_query(self) -> str:
        """Return the selection as the query of the page's address."""
        kept = [f"{pk}.{self.months[pk]}" if pk in self.months else str(pk) for pk in self.product_ids]
        kept += [f"i{pk}" for pk in self.invoice_ids]
        pairs: list[tuple[str, str]] = [("show", self.show)]
        pairs += [("until", self.until.isoformat())] if self.until else []
        pairs += [("q", self.search)] if self.search else []
        pairs += [("kind", self.kind)] if self.kind else []
        pairs += [("address", str(self.address_id))] if self.address_id else []
        pairs += [("after", self.after)] if self.after else []
        pairs += [("before", self.before)] if self.before else []
        pairs += [("kept", "-".join(kept))] if kept else []
        chosen = set(self.product_ids)
        pairs += [(f"months-{pk}", str(count)) for pk, count in self.months.items() if pk not in chosen]
        return urlencode(pairs)


def _named(data: QueryDict) -> list[str]:
    prefix = "months-"
    return [name.removeprefix(prefix) for name in list(data)[:MOST_FIELDS] if name.startswith(prefix)]


def _ids(values: list[str]) -> tuple[int, ...]:
    found = (
        int(value)
        for value in values[:MOST_FIELDS]
        if value.isascii() and value.isdigit() and len(value) <= BIGGEST
    )
    return tuple(dict.fromkeys(found))


def _months(lengths: Mapping[str, str]) -> dict[int, int]:
    found: dict[int, int] = {}
    for name, length in lengths.items():
        ids, months = _ids([name]), _ids([length])
        if ids and months and months[0] in PERIOD_MONTHS:
            found[ids[0]] = months[0]
    return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
