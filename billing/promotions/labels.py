"""Codes and their history in words, for the back office."""

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.promotions.models import PromoCode, PromoCodeChange
from billing.tax.wording import percent
from manager.kit.errors import Text
from manager.kit.money import Money
from products.catalog.labels import describe_period

WHAT: dict[str, Text] = {
    "added": gettext_lazy("Added"),
    "changed": gettext_lazy("Changed"),
    "closed": gettext_lazy("Closed"),
}
FIELDS: dict[str, Text] = {
    "note": gettext_lazy("Note"),
    "kind": gettext_lazy("Takes off"),
    "percent": gettext_lazy("Percent"),
    "amount": gettext_lazy("Amount without VAT"),
    "currency": gettext_lazy("Currency"),
    "plans": gettext_lazy("Plans"),
    "families": gettext_lazy("Families"),
    "months": gettext_lazy("Periods"),
    "minimum_amount": gettext_lazy("Minimum"),
    "first_order_only": gettext_lazy("Only for a customer's first order"),
    "limit_total": gettext_lazy("Limit in total"),
    "limit_per_organization": gettext_lazy("Limit for each customer"),
    "only_organization": gettext_lazy("Only for the customer number"),
    "valid_from": gettext_lazy("From"),
    "valid_until": gettext_lazy("Last day"),
}


def describe_worth(code: PromoCode) -> str:
    """Return what a code takes off, in words."""
    if code.money is not None:
        return code.money.format()
    return percent(code.percent or 0)


def describe_terms(code: PromoCode) -> list[tuple[str, str]]:
    """Return the terms of a code as (label, text), without those that it does not have."""
    first, last = date_format(code.valid_from), code.valid_until
    days = _("from %(day)s") % {"day": first} if last is None else f"{first} – {date_format(last)}"
    limit = code.limit_total
    terms = [
        (_("Takes off"), describe_worth(code)),
        (_("Valid"), days),
        (_("Used"), f"{code.used} / {limit}" if limit is not None else str(code.used)),
        (_("For each customer"), str(code.limit_per_organization or "")),
        (_("Products"), " ".join([*code.families, *code.plans]) or _("All")),
        (_("Periods"), ", ".join(describe_period(count) for count in code.months) or _("All")),
        (_("Currency"), code.currency),
        (_("Minimum"), code.minimum.format() if code.minimum is not None else ""),
        (_("First order"), _("Only for a customer's first order") if code.first_order_only else ""),
        (_("Customer number"), str(code.only_organization or "")),
        (_("Note"), code.note),
    ]
    return [(label, text) for label, text in terms if text]


def describe_change(change: PromoCodeChange) -> tuple[Text, list[str]]:
    """Return what was done to a code, and what each changed term was before and is now."""
    before, after = change.before or {}, change.after or {}
    if change.what != "changed":
        return WHAT[change.what], []
    return WHAT[change.what], [
        f"{FIELDS.get(name, name)}: {_told(name, before.get(name))} → {_told(name, after[name])}"
        for name in after
    ]


def _told(name: str, value: Any) -> str:
    if value in (None, "", []):
        return "–"
    if name == "percent":
        return percent(value)
    if name in {"amount", "minimum_amount"}:
        return str(Money(value, "CHF").as_decimal())
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return " ".join(str(one) for one in value) if isinstance(value, list) else str(value)
