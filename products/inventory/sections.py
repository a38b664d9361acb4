"""Sections of a product's page that other rooms bring: the modules of kinds, actions, and what is to come.

A room above registers its sections at start-up; the page asks here which of them its product has.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from manager.kit.errors import Text
from organizations.access.guard import OrganizationRequest
from products.inventory.models import Product

EVERY_KIND = "*"
AFTER_RENEWAL = 50


@dataclass(frozen=True, slots=True)
class Visit:
    """Who looks at which product, and whether the member may change it."""

    request: OrganizationRequest
    product: Product
    may_manage: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page: its template, and what it shows; None when there is nothing to show.

    The template finds what `build` returns as `section`, and `product` and `may_manage` beside it.
    `position` orders the sections of a page; those below `AFTER_RENEWAL` stand right under the overview,
    for what a product can do is what people come for. `anchor` and `title` make a tab that leads to it.
    """

    template: str
    build: Callable[[Visit], dict[str, Any] | None]
    position: int = 100
    anchor: str = ""
    title: Text = ""


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section of one page, ready to be drawn."""

    template: str
    content: dict[str, Any]
    anchor: str
    title: Text
    is_first: bool


_sections: dict[str, list[Section]] = {}


def register_section(section: Section, *, kind: str = EVERY_KIND) -> None:
    """Let the pages of products of this kind of plan show `section`; called at start-up."""
    _sections.setdefault(kind, []).append(section)


def build_sections(visit: Visit) -> list[ShownSection]:
    """Return the sections of the product's page, in order."""
    found = [*_sections.get(EVERY_KIND, []), *_sections.get(visit.product.plan.kind, [])]
    shown = []
    for section in sorted(found, key=lambda one: one.position):
        content = section.build(visit)
        if content is not None:
            is_first = section.position < AFTER_RENEWAL
            shown.append(ShownSection(section.template, content, section.anchor, section.title, is_first))
    return shown
