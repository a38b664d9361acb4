"""Single values of the catalogue's file, each refused with its line, its place and the reason."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from manager.kit.fields import CURRENCIES, PERIOD_MONTHS, refuse_control_characters
from products.catalog.entries import LANGUAGES, MAX_AMOUNT, MAX_DAYS, MAX_UNITS, PriceKey, Texts
from products.catalog.models import Purpose
from products.catalog.timeline import Span, Timeline, overlaps
from products.catalog.yaml_loader import line_of

MAX_WORD = 40
MAX_TEXT = 300

KNOWN_CURRENCIES = frozenset(code for code, _label in CURRENCIES)


class Wrong(ValueError):
    """A value that the file may not have: `line` (0: unknown), `where` in words of the file, and why."""

    def __init__(self, where: str, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.where, self.reason, self.line = where.strip()[:200], reason[:300], line

    def __str__(self) -> str:
        place = [_("Line %(line)s") % {"line": self.line}] if self.line else []
        place += [self.where] if self.where else []
        return f"{', '.join(place)}: {self.reason}" if place else self.reason


@contextmanager
def at_line(line: int) -> Iterator[None]:
    """Give `line` to a refusal from inside that knows no line of its own."""
    try:
        yield
    except Wrong as error:
        error.line = error.line or line
        raise


def shown(value: Any) -> str:
    """Return a value as a refusal quotes it, cut to a length that can be read."""
    text = "" if value is None else str(value)
    return f"{text[:60]}…" if len(text) > 60 else text


def is_one_line(text: str) -> bool:
    """Return whether the text is one line that can be stored and shown: no control characters, no halves."""
    try:
        refuse_control_characters(text)
        text.encode()
    except (ValidationError, UnicodeEncodeError):
        return False
    return not any(mark in text for mark in "\r\n\t")


def refuse_unknown(entry: dict[Any, Any], known: set[str], where: str) -> None:
    """Refuse names that mean nothing: a mistyped one would be passed over in silence."""
    for name in entry:
        if name not in known:
            reason = _("“%(name)s” means nothing here.") % {"name": shown(name)}
            raise Wrong(where, reason, line_of(entry, name))


def read_word(entry: dict[str, Any], name: str, where: str) -> str:
    """Return a slug: letters, digits and hyphens of the plain alphabet."""
    value = entry.get(name)
    plain = isinstance(value, str) and value.isascii() and value.replace("-", "").isalnum()
    if name not in entry:
        raise Wrong(where, _("“%(name)s” is missing.") % {"name": name}, line_of(entry))
    if not plain or len(str(value)) > MAX_WORD:
        reason = _("“%(value)s” is no short name: at most %(most)d letters, digits and hyphens.")
        raise Wrong(
            f"{where} {name}", reason % {"value": shown(value), "most": MAX_WORD}, line_of(entry, name)
        )
    return str(value)


def read_texts(value: Any, where: str) -> Texts:
    """Return one line of text in each language."""
    texts = value if isinstance(value, dict) else {}
    refuse_unknown(texts, set(LANGUAGES), where)
    for language in LANGUAGES:
        text = texts.get(language)
        right = isinstance(text, str) and text.strip() and len(text) <= MAX_TEXT and is_one_line(text)
        if not right:
            reason = _("one line of at most %(most)d characters is needed in each language.")
            raise Wrong(f"{where} {language}", reason % {"most": MAX_TEXT}, line_of(value, language))
    return {language: texts[language] for language in LANGUAGES}


def read_names(entry: dict[str, Any], where: str) -> Texts:
    """Return the names of something, which it has to have."""
    with at_line(line_of(entry, "names")):
        return read_texts(entry.get("names"), f"{where} names")


def read_some_texts(entry: dict[str, Any], name: str, where: str) -> Texts:
    """Return texts that may be missing as a whole."""
    with at_line(line_of(entry, name)):
        return read_texts(entry[name], f"{where} {name}") if name in entry else {}


def read_flag(entry: dict[str, Any], name: str, where: str, *, default: bool) -> bool:
    """Return yes or no."""
    value = entry.get(name, default)
    if type(value) is not bool:
        reason = _("“%(value)s” is neither true nor false.") % {"value": shown(value)}
        raise Wrong(f"{where} {name}", reason, line_of(entry, name))
    return value


def read_units(
    entry: dict[str, Any], name: str, where: str, *, default: int, least: int = 0, most: int = MAX_UNITS
) -> int:
    """Return a whole number between `least` and `most`."""
    value = entry.get(name, default)
    if type(value) is not int or not least <= value <= most:
        reason = _("“%(value)s” is no whole number between %(least)d and %(most)d.")
        told = {"value": shown(value), "least": least, "most": most}
        raise Wrong(f"{where} {name}", reason % told, line_of(entry, name))
    return value


def read_days(entry: dict[str, Any], name: str, where: str, *, default: int = 0) -> int:
    """Return a number of days, at most ten years."""
    return read_units(entry, name, where, default=default, most=MAX_DAYS)


def read_prices(
    entry: dict[str, Any], name: str, purpose: str, where: str, day: date
) -> dict[PriceKey, Timeline]:
    """Return prices by currency and months (restore fees: by currency alone); `day` begins undated ones."""
    with at_line(line_of(entry, name)):
        return _prices(entry.get(name, {}), purpose, where, day)


def _prices(value: Any, purpose: str, where: str, day: date) -> dict[PriceKey, Timeline]:
    found: dict[PriceKey, Timeline] = {}
    for currency, by_months in _items(value, where):
        if currency not in KNOWN_CURRENCIES:
            reason = _("“%(value)s” is none of the currencies %(known)s.")
            told = {"value": shown(currency), "known": ", ".join(sorted(KNOWN_CURRENCIES))}
            raise Wrong(where, reason % told, line_of(value, currency))
        with at_line(line_of(value, currency)):
            lines = (
                [(0, by_months)] if purpose == Purpose.RESTORE else _items(by_months, f"{where} {currency}")
            )
            for months, amounts in lines:
                with at_line(line_of(by_months, months)):
                    found[_key(purpose, currency, months, where)] = _timeline(
                        amounts, f"{where} {currency} {months}", day
                    )
    return found


def _key(purpose: str, currency: str, months: Any, where: str) -> PriceKey:
    if type(months) is not int or (purpose != Purpose.RESTORE and months not in PERIOD_MONTHS):
        reason = _("“%(value)s” is none of the periods: %(known)s months.")
        known = ", ".join(map(str, PERIOD_MONTHS))
        raise Wrong(f"{where} {currency}", reason % {"value": shown(months), "known": known})
    return PriceKey(str(purpose), currency, months)


def _items(value: Any, where: str) -> list[tuple[Any, Any]]:
    if not isinstance(value, dict):
        raise not_a_mapping(value, where)
    return list(value.items())


def not_a_mapping(value: Any, where: str) -> Wrong:
    """Return the refusal of something that should have names with values in it."""
    reason = _("names with values are needed here, not “%(value)s”.") % {"value": shown(value)}
    return Wrong(where, reason, line_of(value))


def _timeline(value: Any, where: str, day: date) -> Timeline:
    if not isinstance(value, list):
        return (Span(_amount(value, where), day),)
    line = tuple(_span(span, where, day) for span in value)
    if not line or overlaps(line):
        raise Wrong(where, _("one price holds on each day: these overlap, or there is none."))
    return tuple(sorted(line, key=lambda span: span.since))


def _span(value: Any, where: str, day: date) -> Span:
    if not isinstance(value, dict):
        raise not_a_mapping(value, where)
    refuse_unknown(value, {"amount", "from", "until"}, where)
    first, last = value.get("from", day), value.get("until")
    if type(first) is not date or (last is not None and type(last) is not date):
        raise Wrong(where, _("“from” and “until” are days such as 2027-01-31."), line_of(value))
    return Span(_amount(value.get("amount"), where), first, last)


def _amount(value: Any, where: str) -> int:
    if type(value) is not int or not 0 <= value <= MAX_AMOUNT:
        reason = _("“%(value)s” is no amount: a whole number of minor units is needed.")
        raise Wrong(where, reason % {"value": shown(value)})
    return value
