"""Ids as people, addresses and programs send them."""

from collections.abc import Sequence

from manager.kit.errors import NotFound

MAX_ID = 2**63 - 1
MOST_SELECTED = 100


def parse_id(text: str) -> int | None:
    """Return the id that `text` is, or None where it is none that a row can have."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MAX_ID))):
        return None
    number = int(text)
    return number if 0 < number <= MAX_ID else None


def require_id(text: str) -> int:
    """Return the id that a form sent.

    :raises NotFound: it is none.
    """
    number = parse_id(text)
    if number is None:
        raise NotFound
    return number


def require_ids(texts: Sequence[str]) -> set[int]:
    """Return the ids that a form sent.

    :raises NotFound: one of them is none, or there are more than 100.
    """
    if len(texts) > MOST_SELECTED:
        raise NotFound
    return {require_id(text) for text in texts}
