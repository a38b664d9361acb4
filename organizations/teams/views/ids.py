"""Ids as forms send them."""

from collections.abc import Sequence

from manager.kit.errors import NotFound

MOST_SELECTED = 100


def parse_id(text: str) -> int:
    """Return the id that a form sent.

    :raises NotFound: it is none.
    """
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise NotFound
    return int(text)


def parse_ids(texts: Sequence[str]) -> set[int]:
    """Return the ids that a form sent.

    :raises NotFound: one of them is none, or there are too many.
    """
    if len(texts) > MOST_SELECTED:
        raise NotFound
    return {parse_id(text) for text in texts}
