"""The catalogue written as a file, always in the same form: what is read from it is what was written."""

from collections.abc import Iterable, Iterator
from datetime import date

from products.catalog.entries import (
    DEFAULT_GRACE_DAYS,
    LANGUAGES,
    FamilyEntry,
    OptionEntry,
    PlanEntry,
    Prices,
    Texts,
    common_day,
)
from products.catalog.models import OptionKind, Purpose
from products.catalog.timeline import Span, Timeline

HEADER = """\
# The catalogue: families in the order of the menu, plans and options in the order of the shop.
# A price is in minor units (690 is 6.90), by currency and period in months, for the whole period and
# without VAT; that of an option is for one step. Instead of a number there may be a list of
# {amount, from, until}.
# `manage.py load_catalog` loads it, the back office imports it; see products/catalog/catalog_file.py.
"""
TERMS = (
    ("grace_days", DEFAULT_GRACE_DAYS),
    ("redemption_days", 0),
    ("trial_months", 0),
    ("cooling_off_days", 0),
)
ESCAPES = {'"': '\\"', "\\": "\\\\"}


def write_catalog(families: list[FamilyEntry], *, prices_from: bool = True) -> str:
    """Return the document of `families`.

    Without `prices_from` the prices that hold from the most common day begin on the day of the next import:
    the form for a catalogue to start with.
    """
    day = common_day(families)
    lines = [HEADER.rstrip()]
    if prices_from and day is not None:
        lines.append(f"prices_from: {day.isoformat()}")
    lines.append("families:" if families else "families: []")
    for family in families:
        lines += _item(_family(family, day), 2)
    return "\n".join(lines) + "\n"


def _item(lines: Iterable[str], indent: int) -> Iterator[str]:
    """Yield the lines of a mapping as one item of a list."""
    for number, line in enumerate(lines):
        yield " " * indent + ("- " if number == 0 else "  ") + line


def _family(family: FamilyEntry, day: date | None) -> Iterator[str]:
    yield f"slug: {_quote_word(family.slug)}"
    yield f"icon: {_quote_word(family.icon)}"
    yield f"names: {_flow(family.names)}"
    if not family.is_published:
        yield "published: false"
    yield "plans:" if family.plans else "plans: []"
    for plan in family.plans:
        yield from _item(_plan(plan, day), 2)


def _plan(plan: PlanEntry, day: date | None) -> Iterator[str]:
    yield f"slug: {_quote_word(plan.slug)}"
    yield f"kind: {_quote_word(plan.kind)}"
    yield f"icon: {_quote_word(plan.icon)}"
    yield f"names: {_flow(plan.names)}"
    yield from _descriptions(plan.descriptions)
    if plan.features:
        yield "features:"
        for feature in plan.features:
            yield from _item((line.strip() for line in _block(feature)), 2)
    yield from _terms(plan)
    if plan.options:
        yield "options:"
        for option in plan.options:
            yield from _item(_option(option, day), 2)
    yield from _prices("prices", plan.prices, Purpose.RENEW, day)
    yield from _prices("first_period_prices", plan.prices, Purpose.REGISTER, day)
    yield from _prices("restore_fees", plan.prices, Purpose.RESTORE, day)


def _terms(plan: PlanEntry) -> Iterator[str]:
    """Yield the terms that are not as they are without a word."""
    if plan.needs_domain_name:
        yield "needs_domain_name: true"
    if plan.extension:
        yield f"extension: {_quote(plan.extension)}"
    for name, default in TERMS:
        if getattr(plan, name) != default:
            yield f"{name}: {getattr(plan, name)}"
    if not plan.is_orderable:
        yield "on_sale: false"


def _option(option: OptionEntry, day: date | None) -> Iterator[str]:
    yield f"slug: {_quote_word(option.slug)}"
    yield f"kind: {option.kind}"
    yield f"names: {_flow(option.names)}"
    yield from _descriptions(option.descriptions)
    if option.unit_names:
        yield f"unit_names: {_flow(option.unit_names)}"
    if option.kind == OptionKind.NUMBER:
        for name in ("included", "minimum", "maximum", "step"):
            yield f"{name}: {getattr(option, name)}"
    if not option.is_orderable:
        yield "on_sale: false"
    yield from _prices("prices", option.prices, Purpose.RENEW, day)


def _prices(name: str, prices: Prices, purpose: str, day: date | None) -> Iterator[str]:
    found: dict[str, dict[int, Timeline]] = {}
    for key in sorted(prices, key=tuple):
        if key.purpose == purpose:
            found.setdefault(key.currency, {})[key.months] = prices[key]
    if not found:
        if purpose == Purpose.RENEW:
            yield f"{name}: {{}}"
        return
    yield f"{name}:"
    for currency, by_months in found.items():
        if purpose == Purpose.RESTORE:
            yield f"  {currency}: {_amounts(by_months[0], day)}"
        else:
            amounts = (f"{months}: {_amounts(line, day)}" for months, line in by_months.items())
            yield f"  {currency}: {{{', '.join(amounts)}}}"


def _amounts(line: Timeline, day: date | None) -> str:
    if len(line) == 1 and line[0].since == day and line[0].until is None:
        return str(line[0].amount)
    return f"[{', '.join(map(_span, line))}]"


def _span(span: Span) -> str:
    until = f", until: {span.until.isoformat()}" if span.until else ""
    return f"{{amount: {span.amount}, from: {span.since.isoformat()}{until}}}"


def _flow(texts: Texts) -> str:
    return f"{{{', '.join(f'{language}: {_quote(texts[language])}' for language in LANGUAGES)}}}"


def _descriptions(texts: Texts) -> Iterator[str]:
    if texts:
        yield "descriptions:"
        yield from _block(texts)


def _block(texts: Texts) -> Iterator[str]:
    for language in LANGUAGES:
        yield f"  {language}: {_quote(texts[language])}"


def _quote(text: str) -> str:
    return f'"{"".join(map(_escape, text))}"'


def _escape(character: str) -> str:
    if character in ESCAPES:
        return ESCAPES[character]
    # Spaces that look like the plain one stay as they are: French has them before a colon.
    if character.isprintable() or character in "\u00a0\u202f\u2009":
        return character
    return f"\\U{ord(character):08x}"


def _quote_word(word: str) -> str:
    """Return a slug as it is where YAML reads it as a text, else in quotes (`true`, `12`, `1e3`, `null`)."""
    is_text = word[0].isalpha() and word.lower() not in {
        "true",
        "false",
        "yes",
        "no",
        "on",
        "off",
        "null",
        "y",
        "n",
    }
    return word if is_text else _quote(word)
