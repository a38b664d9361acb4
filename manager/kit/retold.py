"""Texts of ours that were kept in one language, told in that of the reader."""

import re
from functools import lru_cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language, gettext

_PLACE = re.compile(r"%\((\w+)\)s")


def retell(text: str, known: tuple[str, ...]) -> str:
    """Return `text` in the active language where it is one of the `known` messages in any of our languages.

    Names in it stay as they are; what somebody else wrote is returned as it is.
    """
    return _retell(text, known, get_language() or "en")


@lru_cache(maxsize=2048)
def _retell(text: str, known: tuple[str, ...], language: str) -> str:
    for message in known:
        for pattern in _patterns(message):
            found = pattern.fullmatch(text)
            if found:
                with translation.override(language):
                    return gettext(message) % found.groupdict()
    return text


@lru_cache(maxsize=64)
def _patterns(message: str) -> tuple[re.Pattern[str], ...]:
    patterns = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            parts = _PLACE.split(gettext(message))
        written = [f"(?P<{part}>.+)" if index % 2 else re.escape(part) for index, part in enumerate(parts)]
        patterns.append(re.compile("".join(written), re.DOTALL))
    return tuple(patterns)
