"""Find every translatable text of the sources: Python by Babel, templates by Django's own reader."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.extract import extract_from_file
from django.utils.translation.template import templatize

from manager.shell.languages.catalogues import ROOT

PACKAGES = ("accounts", "billing", "manager", "organizations", "products")
TEMPLATE_SUFFIXES = {".html", ".txt", ".typ", ".xml", ".svg"}

# Function name → positions of the texts, Babel's notation: a `c` marks the context.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
_CALL = re.compile(r"(?<![\w.])(npgettext|ngettext|pgettext|gettext|_)\(")
# An attribute of a component is an expression that the template reader takes for plain text.
_ATTRIBUTE = re.compile(r""":[\w-]+=(["'])(?P<value>.*?)\1""", re.DOTALL)
_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


@dataclass(frozen=True, order=True)
class Text:
    """A translatable text, as the sources name it."""

    singular: str
    plural: str = ""
    context: str = ""

    @property
    def has_placeholders(self) -> bool:
        """Tell whether values are put into the text."""
        return bool(_PLACEHOLDER.search(self.singular + self.plural))


def extract_texts() -> dict[Text, set[str]]:
    """Return all texts of the sources, each with the files that use it."""
    found: dict[Text, set[str]] = {}
    for path in _list_sources():
        place = path.relative_to(ROOT).as_posix()
        for text in _read_python(path) if path.suffix == ".py" else _read_template(path):
            found.setdefault(text, set()).add(place)
    return found


def _list_sources() -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*")):
            parts = path.relative_to(ROOT).parts
            if "migrations" in parts or not path.is_file():
                continue
            if path.suffix == ".py" or ("templates" in parts and path.suffix in TEMPLATE_SUFFIXES):
                yield path
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.is_file() and path.suffix in TEMPLATE_SUFFIXES:
            yield path


def _read_python(path: Path) -> Iterator[Text]:
    for _line, message, _comments, context in extract_from_file("python", path, keywords=KEYWORDS):
        yield from _make_text(message if isinstance(message, tuple) else (message,), context or "")


def _read_template(path: Path) -> Iterator[Text]:
    source = path.read_text(encoding="utf-8")
    for match in _ATTRIBUTE.finditer(source):
        yield from _read_calls(match["value"])
    yield from _read_calls(templatize(source, origin=str(path)))


def _read_calls(code: str) -> Iterator[Text]:
    for match in _CALL.finditer(code):
        strings = _read_strings(code, match.start())
        name = match[1]
        context = strings.pop(0) if name in {"pgettext", "npgettext"} and strings else ""
        yield from _make_text(strings, context)


def _read_strings(code: str, start: int) -> list[str]:
    """Return the string arguments of the call that begins at `start`, none when it is no call."""
    end = start
    while (end := code.find(")", end) + 1) > 0:
        try:
            call = ast.parse(code[start:end].strip(), mode="eval").body
        except SyntaxError:
            continue
        if not isinstance(call, ast.Call):
            return []
        constants = [node.value for node in call.args if isinstance(node, ast.Constant)]
        return [value for value in constants if isinstance(value, str)]
    return []


def _make_text(strings: Iterable[str | None], context: str) -> Iterator[Text]:
    texts = [text for text in strings if text]
    if texts:
        yield Text(singular=texts[0], plural=texts[1] if len(texts) > 1 else "", context=context)
