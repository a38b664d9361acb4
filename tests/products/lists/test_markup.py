"""The rows of the list of products, beside the components whose markup they write out (UI-2, INC-30)."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.template import RequestContext, Template
from django.test import RequestFactory
from django.utils import translation
from django_cotton.compiler_regex import CottonCompiler

from manager.kit.money import Money
from manager.shell.templatetags.ui import icon
from organizations.profile.models import Organization
from products.catalog.models import Plan
from products.inventory.labels import ProductRow
from products.inventory.models import Product
from products.inventory.status import ProductStatus
from products.lists.columns import COLUMNS
from products.lists.markup import RowMarkup
from products.lists.selectors import ShownTag

HOSTILE = "\"'></a><script>alert(1)</script>&amp;%(name)s{{ 7|add:1 }}"
LANGUAGES = ("en", "de", "fr", "it", "es", "en")
ROWS = Path(__file__).parent / "rows_by_components.html"


def _rows(*, may_manage: bool) -> list[ProductRow]:
    """Return a row in each state, with all that can be said of a product and without."""
    rows = []
    for number, status in enumerate(ProductStatus, start=1):
        full = number % 2 == 1
        product = Product(
            pk=number,
            name=HOSTILE,
            internal_name=HOSTILE if full else "",
            reference=HOSTILE if full else "",
            family="web",
            status=status,
            plan=Plan(names={"en": HOSTILE}, icon="globe" if full else HOSTILE),
            expires_on=date(2026, 3, 1 + number) if full or status != "pending" else None,
            auto_renew=full,
            quantity=number * 1000,
            months=12 if full else 1,
            created_at=datetime(2026, 2, number, 23, 30, tzinfo=UTC),
        )
        tags = [ShownTag(1, HOSTILE, "blue"), ShownTag(2, "Second", "green")] if full else []
        price = Money(123450 * (number - 1), "CHF") if number < 6 else None
        rows.append(ProductRow(product, date(2026, 3, 3), price, may_manage=may_manage, tags=tags))
    return rows


def _plain(html: str) -> str:
    """Return markup without the space between its elements, a row a line."""
    return re.sub(r"\s*(<|>)\s*", r"\1", html).replace("</tr>", "</tr>\n").strip()


@pytest.mark.parametrize("allowed", [True, False])
def test_are_what_the_components_would_draw(rf: RequestFactory, allowed: bool) -> None:
    """In each language one after the other, for who may do everything and for who may only look."""
    rows = _rows(may_manage=allowed)
    request: Any = rf.get("/")
    request.organization = Organization(pk=5)
    rights = dict.fromkeys(("may_select", "may_renew", "may_terminate"), allowed)
    template = Template(CottonCompiler().process(ROWS.read_text()))
    seen = set()
    for language in LANGUAGES:
        with translation.override(language):
            drawn = RowMarkup(
                organization_id=5, columns=COLUMNS, rights=rights, families={"web": HOSTILE}, icon=icon
            ).draw(rows)
            expected = template.render(RequestContext(request, {"rows": rows, "family": HOSTILE, **rights}))
        assert _plain(drawn) == _plain(expected)
        assert "<script" not in drawn
        seen.add(drawn)
    assert len(seen) == len(set(LANGUAGES))
