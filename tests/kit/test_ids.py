"""Ids as they are sent (INC-1: what is no id finds nothing)."""

import pytest

from manager.kit.errors import NotFound
from manager.kit.ids import MAX_ID, MOST_SELECTED, parse_id, require_ids
from manager.kit.tokens import derive_secret, split_key


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), ("007", 7), (str(MAX_ID), MAX_ID)],
    ids=["one", "zeros", "biggest"],
)
def test_an_id_is_read(text: str, number: int) -> None:
    """Up to what a row can have."""
    assert parse_id(text) == number


@pytest.mark.parametrize(
    "text",
    ["", "0", "-1", "1.0", " 1", "x", "²", "٣", str(MAX_ID + 1), "9" * 5000],
    ids=["none", "zero", "minus", "broken", "space", "letter", "square", "arabic", "beyond", "endless"],
)
def test_what_is_no_id_is_none(text: str) -> None:
    """Neither digits of other scripts nor numbers that the database cannot hold."""
    assert parse_id(text) is None
    with pytest.raises(NotFound):
        require_ids(["1", text])


def test_a_form_selects_at_most_a_hundred() -> None:
    """Each once."""
    texts = [str(number) for number in range(1, MOST_SELECTED + 1)]
    assert require_ids([*texts[1:], texts[1]]) == set(range(2, MOST_SELECTED + 1))
    with pytest.raises(NotFound):
        require_ids([*texts, "1"])


@pytest.mark.parametrize("key", ["", "7", "7-", "-secret", "x-secret", f"{MAX_ID + 1}-secret"])
def test_what_is_no_key_is_none(key: str) -> None:
    """A link without an id or without a secret leads nowhere."""
    assert split_key(key) is None


def test_a_key_holds_an_id_and_a_secret() -> None:
    """The secret may hold the dash itself."""
    secret = derive_secret("a", "facts")
    assert split_key(f"7-{secret}-") == (7, f"{secret}-")
    assert len({secret, derive_secret("b", "facts"), derive_secret("a", "others")}) == 3
