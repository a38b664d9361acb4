"""Products by a part that many names hold: each way to find them gives the same rows (PRD-2, UI-2)."""

from contextlib import contextmanager
from datetime import date

import pytest

from manager.kit.keyset import COUNT_LIMIT, paginate_number
from manager.kit.prepared import Prepared
from manager.kit.scope import tenant_scope
from organizations.access.grants import ProductScope
from products.inventory import listed, search
from products.inventory.listed import ORDERS, list_products, take_products
from products.inventory.models import NEVER, Product
from products.inventory.search import look_up
from tests.factories.cast import make_tenant
from tests.factories.products import make_many_products, make_plan

ALL = ProductScope(everything=True)
# The first by name do not hold the part: more than are looked at before those that do are sorted.
OTHERS, HOLDING = 1_150, 3_100
LATE = "site-0"
VALUES = {
    "name": lambda row: row.name,
    "expires_on": lambda row: row.expires_on or NEVER,
    "status": lambda row: row.status,
}


@pytest.fixture
def organization(superuser_connection):
    organization, plan = make_tenant(), make_plan()
    make_many_products(organization, OTHERS + HOLDING, plan=plan, begin=date(2026, 1, 15))
    make_many_products(make_tenant(), 50, plan=plan, begin=date(2026, 1, 15))
    superuser_connection.execute(
        "update products_product set name = 'alpha-' || id where organization_id = %s and name < %s",
        [organization.pk, f"site-{OTHERS:05}"],
    )
    superuser_connection.execute("analyze products_product, products_searchpart")
    return organization


@contextmanager
def fresh(monkeypatch, **limits):
    """Write the queries anew, with other limits than usual."""
    with monkeypatch.context() as patch:
        for name, limit in limits.items():
            patch.setattr(search, name, limit)
        patch.setattr(listed, "_PAGE", Prepared(listed._build_page, shape=listed._PAGE._shape))
        yield


def expected(organization, order, text=LATE):
    """Return the ids that a comparison of every name gives, sorted."""
    rows = [row for row in Product.objects.filter(organization=organization) if text in row.searched]
    value = VALUES[order.removeprefix("-")]
    rows.sort(key=lambda row: (value(row), row.pk), reverse=order.startswith("-"))
    return [row.pk for row in rows]


def test_all_pages_together_are_all_that_hold_the_part(organization, monkeypatch):
    """PRD-2: from the first page to the last, and back; sorted, or along the index where they are many."""
    with tenant_scope(organization.pk):
        words = look_up(LATE, organization_id=organization.pk)
        assert not words.is_rare
        for limits in ({}, {"MOST_SORTED": 10}):
            with fresh(monkeypatch, **limits):
                for order in ("name", "-name", "expires_on", "-expires_on", "status"):
                    follow(organization, order, words)


def follow(organization, order, words):
    """Go through all pages of what holds the words, and one back."""
    wanted = expected(organization, order)
    assert len(wanted) == HOLDING
    given = {"organization": organization, "scope": ALL, "order": order, "search": words}
    pages = [list_products(**given, size=400)]
    while pages[-1].next:
        pages.append(list_products(**given, size=400, after=pages[-1].next))
    assert [row.pk for page in pages for row in page.rows] == wanted
    back = list_products(**given, size=400, before=pages[-1].previous)
    assert [row.pk for row in back.rows] == [row.pk for row in pages[-2].rows]
    assert [row.pk for row in list_products(**given).rows] == wanted[:25]


def test_pages_by_number_are_those_by_cursor(organization):
    """API-1: from either end, of what is rare and of what is frequent."""
    with tenant_scope(organization.pk):
        for text, order in ((LATE, "name"), (LATE, "-expires_on"), ("site-01", "name"), ("site-01", "-name")):
            wanted = expected(organization, order, text)
            take = take_products(
                organization=organization, scope=ALL, order=order.removeprefix("-"), search=text
            )
            key, falling = ORDERS[order.removeprefix("-")], order.startswith("-")
            total = min(len(wanted), COUNT_LIMIT + 1)
            for number in (1, 2, total // 25):
                page = paginate_number(take, key=key, descending=falling, number=number, size=25, total=total)
                first = (number - 1) * 25
                assert [row.pk for row in page.rows] == wanted[first : first + 25], (text, order, number)


def test_counts_what_is_found(organization, superuser_connection):
    """UI-2, ORG-13: more than 1,000, or exactly where filters and grants leave fewer of them."""
    with tenant_scope(organization.pk):
        kept = expected(organization, "name")[-70:]
        superuser_connection.execute("set session_replication_role = replica")
        superuser_connection.execute(
            "update products_product set status = 'suspended' where id = any(%s)", [kept]
        )
        superuser_connection.execute("set session_replication_role = default")
        for status, count in (("", 1001), ("suspended", 70), ("active", 1001), ("pending", 0)):
            found = list_products(
                organization=organization, scope=ALL, order="name", search=LATE, counted=True, status=status
            )
            assert [row.found for row in found.rows] == [count] * min(count, 25), status
        many = list_products(
            organization=organization, scope=ALL, order="name", search="alpha-", counted=True
        )
        assert many.rows[0].found == 1001
        granted = expected(organization, "name")[-3:]
        one = ProductScope(product_ids=frozenset(granted))
        page = list_products(organization=organization, scope=one, order="name", search=LATE, counted=True)
        assert [row.pk for row in page.rows] == granted
        assert [row.found for row in page.rows] == [3, 3, 3]
        nothing = list_products(organization=organization, scope=ProductScope(), search=LATE, counted=True)
        assert nothing.rows == []
