"""The rules that hold an order: what each meets, and how it explains itself to staff (PRD-5).

A finding is kept with the order as `{"rule": …, figures}`; its words are made when it is shown.
"""

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.holds.figures import Figures
from billing.holds.status import RuleKind
from manager.kit.money import Money

Finding = dict[str, Any]
Parameters = dict[str, Any]

DEFAULTS: dict[str, Parameters] = {
    RuleKind.VELOCITY: {"orders": 5, "hours": 24, "amounts": {}},
    RuleKind.COUNTRY: {"sources": ["organization", "address", "card"]},
    RuleKind.AMOUNT: {"amounts": {"CHF": 100_000, "EUR": 100_000}},
    RuleKind.FIRST_ORDER: {"amounts": {}},
    RuleKind.DOMAIN_NAME: {"words": []},
    RuleKind.EMAIL: {"patterns": []},
}


def _velocity(figures: Figures, given: Parameters) -> Finding | None:
    recent = figures.recent(given["hours"])
    currency = figures.total.currency
    amount = sum(money.amount for money in recent if money.currency == currency)
    limit = given.get("amounts", {}).get(currency)
    if len(recent) < given["orders"] and (limit is None or amount < limit):
        return None
    return {"count": len(recent), "hours": given["hours"], "amount": amount, "currency": currency}


def _country(figures: Figures, given: Parameters) -> Finding | None:
    known = {source: land for source, land in figures.countries().items() if source in given["sources"]}
    return {"countries": known} if len(set(known.values())) > 1 else None


def _amount(figures: Figures, given: Parameters) -> Finding | None:
    limit = given["amounts"].get(figures.total.currency)
    if limit is None or figures.total.amount < limit:
        return None
    return {"amount": figures.total.amount, "limit": limit, "currency": figures.total.currency}


def _first_order(figures: Figures, given: Parameters) -> Finding | None:
    limit = given.get("amounts", {}).get(figures.total.currency, 0)
    if figures.total.amount < limit or figures.has_paid_before():
        return None
    return {"amount": figures.total.amount, "currency": figures.total.currency}


def _domain_name(figures: Figures, given: Parameters) -> Finding | None:
    words = [word.lower() for word in given["words"]]
    for name in figures.names():
        met = next((word for word in words if word in name.lower()), None)
        if met is not None:
            return {"name": name, "word": met}
    return None


def _email(figures: Figures, given: Parameters) -> Finding | None:
    email = figures.email()
    met = next((one for one in given["patterns"] if email and fnmatchcase(email, one.lower())), None)
    return {"email": email, "pattern": met} if met is not None else None


_CHECKS: dict[str, Callable[[Figures, Parameters], Finding | None]] = {
    RuleKind.VELOCITY: _velocity,
    RuleKind.COUNTRY: _country,
    RuleKind.AMOUNT: _amount,
    RuleKind.FIRST_ORDER: _first_order,
    RuleKind.DOMAIN_NAME: _domain_name,
    RuleKind.EMAIL: _email,
}


def find_reasons(*, figures: Figures, rules: Iterable[tuple[str, Parameters]]) -> list[Finding]:
    """Return what each of the rules (kind, parameters) met in the order, with the figures it met by."""
    found = []
    for kind, parameters in rules:
        finding = _CHECKS[kind](figures, {**DEFAULTS[kind], **parameters})
        if finding is not None:
            found.append({"rule": kind, **finding})
    return found


def explain(finding: Finding) -> str:
    """Return in words for staff why the rule met, with its figures."""
    return _WORDS[finding["rule"]](finding)


def _money(finding: Finding, field: str = "amount") -> str:
    return Money(finding[field], finding["currency"]).format()


def _say_velocity(finding: Finding) -> str:
    text = ngettext(
        "%(count)d order within %(hours)d hours, together %(amount)s.",
        "%(count)d orders within %(hours)d hours, together %(amount)s.",
        finding["count"],
    )
    return text % {"count": finding["count"], "hours": finding["hours"], "amount": _money(finding)}


def _say_country(finding: Finding) -> str:
    labels = {"organization": _("organization"), "address": _("billing address"), "card": _("card")}
    countries = finding["countries"]
    known = ", ".join(f"{labels[source]} {countries[source]}" for source in labels if source in countries)
    return _("The countries do not match: %(known)s.") % {"known": known}


def _say_amount(finding: Finding) -> str:
    given = {"amount": _money(finding), "limit": _money(finding, "limit")}
    return _("The order is over %(amount)s; orders from %(limit)s on are looked at.") % given


def _say_first_order(finding: Finding) -> str:
    return _("It is the organization's first order, over %(amount)s.") % {"amount": _money(finding)}


def _say_domain_name(finding: Finding) -> str:
    return _("The domain name %(name)s contains “%(word)s”.") % finding


def _say_email(finding: Finding) -> str:
    return _("The address %(email)s matches the pattern %(pattern)s.") % finding


_WORDS: dict[str, Callable[[Finding], str]] = {
    RuleKind.VELOCITY: _say_velocity,
    RuleKind.COUNTRY: _say_country,
    RuleKind.AMOUNT: _say_amount,
    RuleKind.FIRST_ORDER: _say_first_order,
    RuleKind.DOMAIN_NAME: _say_domain_name,
    RuleKind.EMAIL: _say_email,
}
