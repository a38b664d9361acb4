"""Menus and avatars of the frame as HTML, written out: some forty entries stand on every page of the panel.

As templates they would take a tenth of a page's time (tests/benchmarks/test_product_lists.py). What comes
from an entry is escaped where it is put in.
"""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from manager.shell.templatetags.ui import hue_number, icon
from manager.shell.templatetags.ui import initials as initials_of

register = template.Library()

Entry = Mapping[str, Any]


@register.simple_tag
def menu_items(entries: Iterable[Entry]) -> SafeString:
    """Return links of a drop-down, as c-menu.item draws them: `label`, `icon` and `url` of each entry."""
    drawn = (
        f'<a class="menu__item" href="{_escape(entry["url"])}">{icon(entry["icon"])}'
        f'<span class="menu__text">{_escape(entry["label"])}</span></a>'
        for entry in entries
    )
    return mark_safe("".join(drawn))  # noqa: S308  (each part is escaped where it is put in)


@register.simple_tag
def avatar(
    name: str, initials: str, kind: str = "person", size: str = "medium", picture: str = ""
) -> SafeString:
    """Return the sign of a person or an organization, as c-avatar draws it."""
    more = "" if size == "medium" else f" avatar--{size}"
    inside = _escape(initials or initials_of(name))
    if picture:
        inside = f'<img class="avatar__picture" src="{_escape(picture)}" alt="" width="96" height="96">'
    opening = f'<span class="avatar avatar--{kind}{more}" data-hue="{hue_number(name)}" aria-hidden="true">'
    # Kind and size are a template's own words; each other part is escaped where it is put in.
    return mark_safe(f"{opening}{inside}</span>")  # noqa: S308  (see above)


@register.simple_tag
def side_menu(entries: Iterable[Entry]) -> SafeString:
    """Return the entries of the side menu: see `manager.shell.menu`; those with `children` can be folded."""
    return mark_safe("".join(map(_entry, entries)))  # noqa: S308  (each part is escaped where it is put in)


def _entry(entry: Entry) -> str:
    heading = entry.get("heading")
    above = f'<li class="side-menu__heading">{_escape(heading)}</li>' if heading else ""
    sign = icon(entry.get("icon") or "circle")
    inside = _group(entry, sign) if entry.get("children") else _link(entry, sign)
    return f'{above}<li class="side-menu__entry">{inside}</li>\n'


def _escape(text: object) -> str:
    return escape(str(text))


def _link(entry: Entry, sign: str, *, more: str = "") -> str:
    current = ' aria-current="page"' if entry.get("current") else ""
    return (
        f'<a class="side-menu__link{more}" href="{_escape(entry["url"])}"{current}>{sign}{_text(entry)}</a>'
    )


def _group(entry: Entry, sign: str) -> str:
    children = entry["children"]
    is_open = " open" if any(one.get("current") for one in (entry, *children)) else ""
    current = " data-current" if entry.get("current") else ""
    links = "".join(f"<li>{_link(child, '', more=' side-menu__link--child')}</li>" for child in children)
    return (
        f'<details class="side-menu__group"{is_open}><summary class="side-menu__link"{current}>{sign}'
        f'{_text(entry)}<span class="side-menu__chevron">{icon("chevron-right")}</span></summary>'
        f'<ul class="side-menu__children" role="list">{links}</ul></details>'
    )


def _text(entry: Entry) -> str:
    count = entry.get("count")
    counted = f'<span class="side-menu__count">{_escape(count)}</span>' if count else ""
    return f'<span class="side-menu__label">{_escape(entry["label"])}</span>{counted}'
