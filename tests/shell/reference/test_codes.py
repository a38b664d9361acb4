"""The codes of refusals: docs/api.md shows those of the code (API-4)."""

import re
from http import HTTPStatus

from manager.shell.reference.codes import DOCUMENT, collect_codes, read_table, write_table


def test_the_document_shows_the_codes_of_the_code() -> None:
    """API-4: `python -m manager.shell.reference.codes` writes them anew."""
    assert read_table(DOCUMENT.read_text()) == write_table()


def test_codes_are_words_and_statuses_are_refusals() -> None:
    """API-4."""
    for code, statuses in collect_codes().items():
        assert re.fullmatch(r"[a-z][a-z0-9_]+", code), code
        assert all(HTTPStatus(status) >= HTTPStatus.BAD_REQUEST for status in statuses), code
