"""Bring the catalogues up to date with the sources."""

import polib

from manager.shell.languages.catalogues import LANGUAGES, find_catalogue, open_catalogue
from manager.shell.languages.extract import Text, extract_texts


def update_catalogues() -> dict[str, int]:
    """Add new texts and remove those that no source uses. Returns the untranslated ones by language."""
    texts = extract_texts()
    missing = {}
    for language in LANGUAGES:
        catalogue = open_catalogue(language)
        _merge(catalogue, texts)
        path = find_catalogue(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(path))
        missing[language] = len(catalogue.untranslated_entries())
    return missing


def key_of(entry: polib.POEntry) -> Text:
    """Return the text that an entry of a catalogue stands for."""
    return Text(singular=entry.msgid, plural=entry.msgid_plural or "", context=entry.msgctxt or "")


def _merge(catalogue: polib.POFile, texts: dict[Text, set[str]]) -> None:
    known = {key_of(entry): entry for entry in catalogue if not entry.obsolete}
    catalogue.clear()
    for text in sorted(texts):
        entry = known.get(text) or _make_entry(text)
        # Without line numbers: a catalogue changes when a text does, not when a line moves.
        entry.occurrences = [(place, "") for place in sorted(texts[text])]
        if text.has_placeholders and "python-format" not in entry.flags:
            entry.flags.append("python-format")
        catalogue.append(entry)


def _make_entry(text: Text) -> polib.POEntry:
    entry = polib.POEntry(msgid=text.singular, msgstr="")
    if text.context:
        entry.msgctxt = text.context
    if text.plural:
        entry.msgid_plural = text.plural
        entry.msgstr_plural = {0: "", 1: ""}
    return entry
