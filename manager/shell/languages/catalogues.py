"""Catalogue files and their compiled form."""

import os
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[3]
LOCALE = ROOT / "locale"
# English is the language of the source texts; its catalogue is there for an operator's own wording.
SOURCE = "en"
LANGUAGES = ("en", "fr", "de", "it", "es")
PLURAL_FORMS = {"fr": "nplurals=2; plural=(n > 1);"}
USUAL_PLURAL_FORMS = "nplurals=2; plural=(n != 1);"


def find_catalogue(language: str) -> Path:
    """Return where the catalogue of `language` is kept."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def open_catalogue(language: str) -> polib.POFile:
    """Return the catalogue of `language`, a new one when there is none yet."""
    path = find_catalogue(language)
    if path.exists():
        return polib.pofile(str(path), wrapwidth=110)
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Project-Id-Version": "manager",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURAL_FORMS.get(language, USUAL_PLURAL_FORMS),
    }
    return catalogue


def compile_catalogues() -> int:
    """Compile each catalogue that changed since it was compiled last. Returns how many there were."""
    compiled = 0
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        target = path.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
            continue
        # Whole or not at all: other processes may read it at this moment.
        draft = target.with_suffix(f".{os.getpid()}.new")
        polib.pofile(str(path)).save_as_mofile(str(draft))
        draft.replace(target)
        compiled += 1
    return compiled
