"""What is wrong with the catalogues: missing, fuzzy or broken translations, texts they do not know."""

import re
from collections import Counter
from collections.abc import Iterator

import polib

from manager.shell.languages.catalogues import LANGUAGES, SOURCE, open_catalogue
from manager.shell.languages.extract import Text, extract_texts
from manager.shell.languages.update import key_of

_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|%[sd]|\{\w*\}")
_MARKUP = re.compile(r"</?\w+[^>]*>")


def find_problems() -> list[str]:
    """Return a sentence for each problem of each language."""
    texts = extract_texts()
    problems = []
    for language in LANGUAGES:
        if language != SOURCE:
            catalogue = open_catalogue(language)
            problems += [f"{language}: {problem}" for problem in _check_catalogue(catalogue, texts)]
    return problems


def _check_catalogue(catalogue: polib.POFile, texts: dict[Text, set[str]]) -> Iterator[str]:
    entries = {key_of(entry): entry for entry in catalogue if not entry.obsolete}
    for text in sorted(texts):
        shown = _shorten(text.singular)
        if text not in entries:
            yield f"not in the catalogue (run `make messages`): {shown} in {min(texts[text])}"
        else:
            for problem in check_entry(entries[text]):
                yield f"{problem}: {shown}"


def check_entry(entry: polib.POEntry) -> Iterator[str]:
    """Yield what is wrong with one translation."""
    if entry.fuzzy:
        yield "fuzzy"
    translations = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if len(translations) < (2 if entry.msgid_plural else 1) or not all(translations):
        yield "missing"
        return
    allowed = [_count(_PLACEHOLDER, source) for source in (entry.msgid, entry.msgid_plural) if source]
    for number, translation in enumerate(translations):
        # A singular may say "one" where the plural has the number; both forms are as good as the source's.
        if _count(_PLACEHOLDER, translation) not in allowed:
            yield f"other placeholders than the source in {_shorten(translation)}"
        if sorted(_MARKUP.findall(translation)) != sorted(_MARKUP.findall(entry.msgid)):
            yield f"other markup than the source in {_shorten(translation)}"
        if translation.startswith("\n") != entry.msgid.startswith("\n") and number == 0:
            yield "begins with a line break, or not, unlike the source"


def _count(pattern: re.Pattern[str], text: str) -> Counter[str]:
    return Counter(pattern.findall(text))


def _shorten(text: str) -> str:
    one_line = " ".join(text.split())
    return repr(one_line if len(one_line) <= 70 else one_line[:69] + "…")
