"""What the back office's pages of VAT show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from billing.tax.models import Scheme, TaxChange, TaxRate
from billing.tax.wording import percent, place_name


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A country or region: its rate today ("" for none yet) and the one that follows."""

    place: str
    name: str
    rate: str
    since: date | None
    following: TaxRate | None
    following_rate: str


def place_rows(rates: Iterable[TaxRate], *, today: date, search: str = "") -> list[PlaceRow]:
    """Return a row for each place whose name or code holds `search`, by name."""
    by_place: dict[str, list[TaxRate]] = {}
    for rate in rates:
        by_place.setdefault(rate.country, []).append(rate)
    rows = [_row(place, found, today) for place, found in by_place.items()]
    wanted = search.casefold()
    rows = [row for row in rows if wanted in row.name.casefold() or wanted == row.place.casefold()]
    return sorted(rows, key=lambda row: row.name)


def _row(place: str, rates: list[TaxRate], today: date) -> PlaceRow:
    now = next((rate for rate in rates if state_of(rate, today) == "now"), None)
    coming = min(
        (rate for rate in rates if rate.valid_from > today), key=lambda rate: rate.valid_from, default=None
    )
    return PlaceRow(
        place=place,
        name=place_name(place),
        rate=percent(now.rate) if now else "",
        since=now.valid_from if now else None,
        following=coming,
        following_rate=percent(coming.rate) if coming else "",
    )


def state_of(rate: TaxRate, today: date) -> str:
    """Return whether a rate is `over`, `now` or `later`."""
    if rate.valid_from > today:
        return "later"
    return "over" if rate.valid_until is not None and rate.valid_until < today else "now"


def describe_change(change: TaxChange) -> tuple[str, str]:
    """Return what a row of the history is about, and what it says."""
    kind, _colon, name = change.subject.partition(":")
    subject = place_name(name) if kind == "rate" else name
    before, after = _state(change.before), _state(change.after)
    if not after:
        return subject, _("Taken back: %(before)s") % {"before": before}
    if not before:
        return subject, after
    return subject, _("%(after)s, after %(before)s") % {"after": after, "before": before}


def _state(state: dict[str, Any] | None) -> str:
    if not state:
        return ""
    if "rate" in state:
        return _("%(rate)s from %(day)s") % {"rate": percent(state["rate"]), "day": state["from"]}
    scheme = str(Scheme(state["scheme"]).label)
    text = _("%(scheme)s, from %(day)s") % {"scheme": scheme, "day": state["from"]}
    return f"{text} ({state['number']})" if state["number"] else text
