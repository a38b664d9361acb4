"""Pages by key: nothing lost, nothing twice, in any order, whatever changes in between (UI-2)."""

import base64
import json
from datetime import date, datetime

import pytest
from django.db.models import F
from hypothesis import given
from hypothesis import strategies as st

from accounts.tokens.models import ApiToken
from manager.kit.keyset import CursorInvalid, SortKey, _read, _write, count_up_to, cursor_at, paginate
from products.catalog.models import Family

BY_ICON = SortKey(F("icon"), value=lambda family: family.icon)
BY_MAKING = SortKey(F("created_at"), lambda token: token.created_at.isoformat(), datetime.fromisoformat)


def fill(icons: list[str]) -> None:
    Family.objects.bulk_create(
        Family(slug=f"f{number}", names={"en": "x"}, icon=icon, position=number)
        for number, icon in enumerate(icons)
    )


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
@pytest.mark.parametrize("icons", ["aaaaaaa", "abcdefg", "aabbbcc", "g", ""])
def test_walks_forth_and_back(icons: str, size: int, descending: bool) -> None:
    """UI-2: equal values are told apart by the id."""
    fill(list(icons))
    rows = sorted(Family.objects.all(), key=lambda family: (family.icon, family.pk), reverse=descending)
    page = paginate(Family.objects.all(), key=BY_ICON, descending=descending, size=size)
    forth, last = [page.rows], page
    assert not page.previous
    while last.next:
        last = paginate(Family.objects.all(), key=BY_ICON, descending=descending, after=last.next, size=size)
        forth.append(last.rows)
    assert [row for rows_ in forth for row in rows_] == rows
    back = [last.rows]
    while last.previous:
        last = paginate(
            Family.objects.all(), key=BY_ICON, descending=descending, before=last.previous, size=size
        )
        back.insert(0, last.rows)
    assert back == forth


def test_a_row_that_comes_or_goes_moves_no_other() -> None:
    """UI-2: unlike pages by number, the next page begins where this one ended."""
    fill(list("bdfhj"))
    page = paginate(Family.objects.all(), key=BY_ICON, size=2)
    Family.objects.filter(icon="b").delete()
    Family.objects.create(slug="new", names={"en": "x"}, icon="a", position=9)
    after = paginate(Family.objects.all(), key=BY_ICON, after=page.next, size=2)
    assert [family.icon for family in after.rows] == ["f", "h"]


@given(st.text(max_size=1200))
def test_any_other_text_is_refused(cursor: str) -> None:
    """INC-34: a cursor is data of the visitor."""
    key = SortKey(F("position"), value=lambda _: "", parse=date.fromisoformat)
    with pytest.raises(CursorInvalid):
        _read(cursor, key)


@pytest.mark.parametrize("value", ["\ud800", "a\udfffb", "\0", 7, None, ["a"]])
def test_what_is_no_text_of_the_database_is_refused(value: object) -> None:
    """INC-34: JSON can hold more than a text column."""
    cursor = base64.urlsafe_b64encode(json.dumps([value, 5]).encode()).decode().rstrip("=")
    with pytest.raises(CursorInvalid):
        paginate(Family.objects.all(), key=BY_ICON, after=cursor)


@given(st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=150))
def test_a_cursor_brings_back_its_value(text: str) -> None:
    """UI-2: names in any script."""
    assert _read(_write(Family(pk=7, icon=text), BY_ICON), BY_ICON) == (text, 7)


@pytest.mark.parametrize(
    "text",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-23:59", "2026-01-01T00:00:00", "2026-01-01"],
)
def test_an_instant_that_no_row_has_is_refused(text: str) -> None:
    """UI-2: outside of the calendar, or without an offset."""
    with pytest.raises(CursorInvalid):
        paginate(ApiToken.objects.all(), key=BY_MAKING, after=cursor_at(text, 1))


def test_an_instant_with_any_offset_is_read() -> None:
    """UI-2: also one that Python knows and the database does not."""
    for text in ("2026-01-01T00:00:00+23:59", "2026-01-01T00:00:00-18:00", "2026-01-01T00:00:00+00:00"):
        assert paginate(ApiToken.objects.all(), key=BY_MAKING, after=cursor_at(text, 1)).rows == []


def test_counting_stops_at_its_limit() -> None:
    """UI-2."""
    fill(list("abcdefg"))
    assert count_up_to(Family.objects.all(), 7) == 7
    assert count_up_to(Family.objects.all(), 3) == 4
