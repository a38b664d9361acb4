"""The line above lists by a part of words and a state (UI-2)."""

import pytest
from django.http import QueryDict

from manager.kit.forms import StateFilter

STATES = [("open", "Open"), ("closed", "Closed")]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", {"search": "", "status": ""}),
        ("q=+shop+&status=open", {"search": "shop", "status": "open"}),
        ("q=shop&status=made-up", {"search": "shop", "status": ""}),
        ("q=a%00b&status=closed", {"search": "", "status": "closed"}),
        (f"q={'x' * 101}", {"search": "", "status": ""}),
    ],
)
def test_what_it_does_not_know_it_leaves_out(query: str, wanted: dict[str, str]) -> None:
    """INC-34: a broken address shows the list, not a mistake."""
    filters = StateFilter(QueryDict(query), states=STATES, every="All")
    assert filters.wanted == wanted
    assert filters.shown == {
        "q": wanted["search"],
        "status": wanted["status"],
        "statuses": [("", "All"), *STATES],
    }
