"""Words by which the back office shows the catalogue: periods, prices, and what a change has changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from manager.kit.errors import Text
from manager.kit.money import Money
from products.catalog.entries import LANGUAGES, PriceKey
from products.catalog.models import CatalogChange, OptionKind, Purpose
from products.catalog.timeline import Timeline

WHAT: dict[str, Text] = {
    "family_added": gettext_lazy("Family added"),
    "family_changed": gettext_lazy("Family changed"),
    "family_published": gettext_lazy("Family published"),
    "family_withdrawn": gettext_lazy("Family taken off the shop"),
    "plan_added": gettext_lazy("Plan added"),
    "plan_changed": gettext_lazy("Plan changed"),
    "plan_published": gettext_lazy("Plan published"),
    "plan_withdrawn": gettext_lazy("Plan taken off the shop"),
    "option_added": gettext_lazy("Option added"),
    "option_changed": gettext_lazy("Option changed"),
    "option_published": gettext_lazy("Option published"),
    "option_withdrawn": gettext_lazy("Option taken off the shop"),
    "price_changed": gettext_lazy("Price changed"),
    "order_changed": gettext_lazy("Order changed"),
}
FIELDS: dict[str, Text] = {
    "names": gettext_lazy("Name"),
    "descriptions": gettext_lazy("Description"),
    "features": gettext_lazy("What it offers"),
    "unit_names": gettext_lazy("Unit"),
    "icon": gettext_lazy("Icon"),
    "kind": gettext_lazy("Kind"),
    "family": gettext_lazy("Family"),
    "order": gettext_lazy("Place in the list"),
    "is_published": gettext_lazy("In the shop"),
    "is_orderable": gettext_lazy("In the shop"),
    "needs_domain_name": gettext_lazy("Asks for a domain name"),
    "extension": gettext_lazy("Domain extension"),
    "grace_days": gettext_lazy("Days of grace"),
    "redemption_days": gettext_lazy("Days of redemption"),
    "trial_months": gettext_lazy("Months of trial"),
    "cooling_off_days": gettext_lazy("Days of cooling-off"),
    "included": gettext_lazy("Included"),
    "minimum": gettext_lazy("Minimum"),
    "maximum": gettext_lazy("Maximum"),
    "step": gettext_lazy("Step"),
}
TEXTS = frozenset({"names", "descriptions", "unit_names"})
# New things have many fields; these say nothing as long as they are as they are without a word.
UNSAID: tuple[Any, ...] = ("", 0, False, None, [], {})


@dataclass(frozen=True, slots=True)
class ChangedField:
    """One field of a change in words; empty where there was, or is, nothing."""

    label: str
    before: str
    after: str


def name_of_language(code: str) -> str:
    """Return what the language is called in the language of the page."""
    return str(dict(settings.LANGUAGES)[code])


def describe_period(months: int) -> str:
    """Return a period in words: years where it is whole years; a fee is for no period."""
    if months == 0:
        return _("Once")
    if months % 12 == 0:
        return ngettext("%(count)d year", "%(count)d years", months // 12) % {"count": months // 12}
    return ngettext("%(count)d month", "%(count)d months", months) % {"count": months}


def describe_key(key: PriceKey) -> str:
    """Return what a price is for, in words."""
    parts = [] if key.purpose == Purpose.RENEW else [str(Purpose(key.purpose).label)]
    return ", ".join([*parts, *([describe_period(key.months)] if key.months else []), key.currency])


def describe_days(since: date, until: date | None) -> str:
    """Return the days on which a price holds, in words."""
    days = {"first": date_format(since, "DATE_FORMAT")}
    if until is None:
        return _("from %(first)s") % days
    return _("%(first)s to %(last)s") % {**days, "last": date_format(until, "DATE_FORMAT")}


def describe_line(line: Timeline, currency: str) -> str:
    """Return all amounts of a price with their days, in words."""
    return "; ".join(
        f"{Money(span.amount, currency).format()} {describe_days(span.since, span.until)}" for span in line
    )


def describe_change(change: CatalogChange) -> list[ChangedField]:
    """Return what a change has changed, field by field and language by language."""
    if change.what == "price_changed":
        return [_price(change.before, change.after)]
    before, after = change.before or {}, change.after or {}
    rows: list[ChangedField] = []
    for name in after:
        if change.before is None and after[name] in UNSAID:
            continue
        rows += _rows(name, before.get(name), after[name])
    return rows


def _price(before: Any, after: Any) -> ChangedField:
    key = PriceKey(after["purpose"], after["currency"], after["months"])
    return ChangedField(describe_key(key), _stored_line(before), _stored_line(after))


def _stored_line(stored: dict[str, Any]) -> str:
    return "; ".join(
        f"{Money(span['amount'], stored['currency']).format()} "
        + describe_days(
            date.fromisoformat(span["from"]), date.fromisoformat(span["until"]) if span["until"] else None
        )
        for span in stored["amounts"]
    )


def _rows(name: str, before: Any, after: Any) -> Iterator[ChangedField]:
    label = str(FIELDS.get(name, name))
    if name in TEXTS or name == "features":
        for language in LANGUAGES:
            old, new = _text(name, before, language), _text(name, after, language)
            if old != new:
                yield ChangedField(f"{label} ({name_of_language(language)})", old, new)
        return
    yield ChangedField(label, _said(name, before), _said(name, after))


def _text(name: str, value: Any, language: str) -> str:
    if name == "features":
        return " · ".join(texts.get(language, "") for texts in value or [])
    return str((value or {}).get(language, ""))


def _said(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if name == "kind" and value in OptionKind.values:
        return str(OptionKind(value).label)
    return str(value)
