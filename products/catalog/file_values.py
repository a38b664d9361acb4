"""Single values of the catalogue's file, each refused with the place where it stands."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from manager.kit.fields import CURRENCIES, PERIOD_MONTHS, refuse_control_characters
from products.catalog.entries import LANGUAGES, MAX_AMOUNT, MAX_DAYS, MAX_UNITS, PriceKey, Texts
from products.catalog.models import Purpose
from products.catalog.timeline import Span, Timeline, overlaps

MAX_WORD = 40
MAX_TEXT = 300

KNOWN_CURRENCIES = frozenset(code for code, _label in CURRENCIES)


class Wrong(ValueError):
    """A value that the file may not have; the text says where it stands."""

    def __init__(self, text: str) -> None:
        super().__init__(text[:300])


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
    unknown = sorted(str(name) for name in entry if name not in known)
    if unknown:
        raise Wrong(f"{where} {', '.join(unknown)}".strip())


def read_word(entry: dict[str, Any], name: str, where: str) -> str:
    """Return a slug: letters, digits and hyphens of the plain alphabet."""
    value = entry.get(name)
    plain = isinstance(value, str) and value.isascii() and value.replace("-", "").isalnum()
    if not plain or len(str(value)) > MAX_WORD:
        raise Wrong(f"{where} {name} {value!r}")
    return str(value)


def read_texts(value: Any, where: str) -> Texts:
    """Return one line of text in each language."""
    texts = value if isinstance(value, dict) else {}
    refuse_unknown(texts, set(LANGUAGES), where)
    for language in LANGUAGES:
        text = texts.get(language)
        right = isinstance(text, str) and text.strip() and len(text) <= MAX_TEXT and is_one_line(text)
        if not right:
            raise Wrong(f"{where} {language}")
    return {language: texts[language] for language in LANGUAGES}


def read_some_texts(entry: dict[str, Any], name: str, where: str) -> Texts:
    """Return texts that may be missing as a whole."""
    return read_texts(entry[name], f"{where} {name}") if name in entry else {}


def read_flag(entry: dict[str, Any], name: str, where: str, *, default: bool) -> bool:
    """Return yes or no."""
    value = entry.get(name, default)
    if type(value) is not bool:
        raise Wrong(f"{where} {name} {value!r}")
    return value


def read_units(
    entry: dict[str, Any], name: str, where: str, *, default: int, least: int = 0, most: int = MAX_UNITS
) -> int:
    """Return a whole number between `least` and `most`."""
    value = entry.get(name, default)
    if type(value) is not int or not least <= value <= most:
        raise Wrong(f"{where} {name} {value!r}")
    return value


def read_days(entry: dict[str, Any], name: str, where: str, *, default: int = 0) -> int:
    """Return a number of days, at most ten years."""
    return read_units(entry, name, where, default=default, most=MAX_DAYS)


def read_prices(value: Any, purpose: str, where: str, day: date) -> dict[PriceKey, Timeline]:
    """Return prices by currency and months (restore fees: by currency alone); `day` begins undated ones."""
    found: dict[PriceKey, Timeline] = {}
    for currency, by_months in _items(value, where):
        if currency not in KNOWN_CURRENCIES:
            raise Wrong(f"{where} {currency!r}")
        lines = [(0, by_months)] if purpose == Purpose.RESTORE else _items(by_months, where)
        for months, amounts in lines:
            place = f"{where} {currency} {months!r}"
            if type(months) is not int or (purpose != Purpose.RESTORE and months not in PERIOD_MONTHS):
                raise Wrong(place)
            found[PriceKey(str(purpose), currency, months)] = _timeline(amounts, place, day)
    return found


def _items(value: Any, where: str) -> list[tuple[Any, Any]]:
    if not isinstance(value, dict):
        raise Wrong(f"{where} {value!r}")
    return list(value.items())


def _timeline(value: Any, where: str, day: date) -> Timeline:
    if not isinstance(value, list):
        return (Span(_amount(value, where), day),)
    line = tuple(_span(span, where, day) for span in value)
    if not line or overlaps(line):
        raise Wrong(where)
    return tuple(sorted(line, key=lambda span: span.since))


def _span(value: Any, where: str, day: date) -> Span:
    if not isinstance(value, dict):
        raise Wrong(f"{where} {value!r}")
    refuse_unknown(value, {"amount", "from", "until"}, where)
    first, last = value.get("from", day), value.get("until")
    if type(first) is not date or (last is not None and type(last) is not date):
        raise Wrong(f"{where} {first!r} {last!r}")
    return Span(_amount(value.get("amount"), where), first, last)


def _amount(value: Any, where: str) -> int:
    if type(value) is not int or not 0 <= value <= MAX_AMOUNT:
        raise Wrong(f"{where} {value!r}")
    return value
