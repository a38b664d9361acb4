"""Menus of the frame that are written out as HTML (UI-1)."""

from html import unescape

import pytest
from django.template import Context, Template
from django_cotton.compiler_regex import CottonCompiler

from manager.shell.templatetags.menus import avatar, menu_items, side_menu

LABEL = 'A & <script>"B"</script>'
URL = '/o/1/?a=1&b="2"'
COMPONENT = (
    '<c-avatar :name="name" :initials="initials" kind="organization" size="{{ size }}" '
    'picture="{{ picture }}" />'
)
ENTRY = {"label": LABEL, "icon": "globe", "url": URL}


def test_write_what_an_entry_says_as_text() -> None:
    """INC-33: a name of anybody's is text in a link, its address a value, and a heading no markup."""
    for drawn in (
        menu_items([ENTRY]),
        side_menu([{**ENTRY, "heading": LABEL, "count": "<i>"}]),
        side_menu([{**ENTRY, "children": [{**ENTRY, "current": True}]}]),
    ):
        assert "<script" not in drawn
        assert "<i>" not in drawn
        assert '"B"' not in drawn
        assert LABEL in unescape(drawn)
        assert f'href="{URL}"' in unescape(drawn)


def test_open_the_group_of_the_present_page() -> None:
    """UI-1: a group with the present page is open, any other one is folded."""
    groups = [
        side_menu([{**ENTRY, "children": [{**ENTRY, "current": is_current}]}]) for is_current in (True, False)
    ]
    assert ["<details" in group for group in groups] == [True, True]
    assert [" open>" in group for group in groups] == [True, False]
    assert ['aria-current="page"' in group for group in groups] == [True, False]


@pytest.mark.parametrize("picture", ["", URL], ids=["initials", "picture"])
@pytest.mark.parametrize("initials", ["", "<b>"], ids=["of the name", "given"])
@pytest.mark.parametrize("size", ["medium", "small"])
def test_an_avatar_is_that_of_the_component(picture: str, initials: str, size: str) -> None:
    """UI-1: whatever c-avatar draws, and as well escaped."""
    component = Template(CottonCompiler().process(COMPONENT))
    values = {"name": LABEL, "initials": initials, "size": size, "picture": picture}
    drawn = avatar(LABEL, initials, kind="organization", size=size, picture=picture)
    assert drawn.strip() == component.render(Context(values)).strip()
    assert "<script" not in drawn
    assert "<b>" not in drawn
