"""Lists of many products: at most eight queries, none of which reads the table through (UI-2, PRD-2)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client

from manager.kit.scope import tenant_scope
from organizations.access.grants import ProductScope
from organizations.profile.models import Organization
from products.inventory.listed import list_products
from products.inventory.models import Product
from products.inventory.search import look_up
from products.lists.services import find_or_create_tag, tag_products
from tests.factories.cast import make_tenant
from tests.factories.products import ACTOR, BEGIN, make_many_products, make_option, make_plan
from tests.products.inventory.pages import get, products_url

MOST_QUERIES = 8
SEVERAL = 3200
QUERIES = [
    {"actions": "open"},
    {},
    {"q": "site-0"},
    {"q": "te-0001"},
    {"q": "no such part"},
    {"kind": "hosting"},
    {"kind": "hosting", "sort": "-name"},
    {"status": "active"},
    {"expires": "90"},
    {"renewal": "on"},
    *({"sort": sort} for sort in ("name", "-name", "-expires_on", "status", "-status")),
]


@pytest.fixture
def many(organization: Organization, superuser_connection: psycopg.Connection) -> Organization:
    plan = make_plan()
    make_option(plan)
    make_many_products(organization, SEVERAL, plan=plan, begin=date(2026, 1, 15))
    make_many_products(make_tenant(), 100, plan=plan, begin=date(2026, 1, 15))
    with tenant_scope(organization.pk):
        tag = find_or_create_tag(organization_id=organization.pk, name="Web", actor=ACTOR, at=BEGIN)
        products = list(Product.objects.order_by("pk")[:50])
        own = organization.pk
        tag_products(organization_id=own, products=products, add=[tag], remove=[], actor=ACTOR, at=BEGIN)
    superuser_connection.execute("analyze products_product, products_searchpart, products_producttag")
    return organization


def test_a_page_takes_eight_queries_and_reads_no_table_through(
    alice: Client, many: Organization, query_count: Callable[[], AbstractContextManager[Any]]
) -> None:
    """UI-2: the whole page with its frame; the plans are those of the queries as they were sent."""
    get(alice, products_url(many))
    for path in ("", "web/"):
        for query in QUERIES:
            with query_count() as seen:
                get(alice, products_url(many, path), **query)
            assert seen.count <= MOST_QUERIES, query
    for query in QUERIES:
        for plan in plans_of(many, query):
            assert "Seq Scan on products_product " not in plan, (query, plan)
            assert "Seq Scan on products_searchpart" not in plan, (query, plan)


@pytest.mark.parametrize("order", ["expires_on", "-expires_on", "name", "-status"])
def test_a_page_begins_where_the_one_before_ended(many: Organization, order: str) -> None:
    """UI-2: the index is looked into from the cursor on, rather than read from its beginning."""
    with tenant_scope(many.pk):
        scope = ProductScope(everything=True)
        first = list_products(organization=many, scope=scope, order=order, size=SEVERAL - 30)
    (plan,) = plans_of(many, {"sort": order, "after": first.next})
    condition = next(line for line in plan.splitlines() if "Index Cond" in line)
    assert f"organization_id = {many.pk}" in condition
    assert "ROW(" in condition, plan


def test_few_of_a_kind_among_many_come_from_its_index(
    many: Organization, superuser_connection: psycopg.Connection
) -> None:
    """PRD-2: in the order of expiries, without passing over the others."""
    make_many_products(many, 3, plan=make_plan(kind="nas"), begin=date(2026, 1, 15))
    superuser_connection.execute("analyze products_product")
    for sort in ("expires_on", "-expires_on"):
        (plan,) = plans_of(many, {"kind": "nas", "sort": sort})
        assert "product_by_kind" in plan, plan
        assert "Sort Key: (CASE" not in plan, plan


def plans_of(organization: Organization, query: dict[str, str]) -> list[str]:
    """Return the plans of the queries of rows, for the role of the web; counting a small table reads it."""
    found: list[str] = []

    def explain(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        with context["connection"].connection.cursor() as cursor:
            cursor.execute(f"explain {sql}", params)
            found.append("\n".join(row[0] for row in cursor.fetchall()))
        return execute(sql, params, many, context)

    filters: dict[str, Any] = {"order": query.get("sort", "expires_on"), "status": query.get("status", "")}
    filters |= {name: query.get(name, "") for name in ("after", "kind")}
    if "expires" in query:
        filters["expires_before"] = date(2026, 4, 1)
    if "renewal" in query:
        filters["auto_renew"] = True
    with tenant_scope(organization.pk), connection.execute_wrapper(explain):
        scope = ProductScope(everything=True)
        list_products(organization=organization, scope=scope, search=query.get("q", ""), **filters)
    return found


def test_finds_what_holds_the_part_and_nothing_else(many: Organization) -> None:
    """PRD-2: the same as a comparison of every name, few or many, in any case; signs stand for themselves."""
    with tenant_scope(many.pk):
        names = list(Product.objects.values_list("name", flat=True))
        for part in ("site-01", "SITE-01", "te-0", "e", "%", "_", "site-00001.example", "é"):
            found = look_up(part, organization_id=many.pk).filter(Product.objects.all())
            wanted = sorted(name for name in names if part.lower() in name)
            assert sorted(found.values_list("name", flat=True)) == wanted, part


def test_a_search_knows_changes_at_once(organization: Organization) -> None:
    """PRD-2: triggers keep the parts; long words and those of the organization count as well."""
    make_many_products(organization, 1, plan=make_plan(), begin=date(2026, 1, 15))
    long = "a-very-long-name-of-a-product-that-goes-on.example"
    with tenant_scope(organization.pk):
        Product.objects.update(name=long, reference="Zürich 7")

        def found(text: str) -> int:
            return look_up(text, organization_id=organization.pk).filter(Product.objects.all()).count()

        assert found("site") == 0
        assert found(long[2:]) == found("zürich") == found("ZÜRICH 7") == 1
        assert found(long[2:30] + "x") == 0
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from products_searchpart where part like 'site%'")
            assert cursor.fetchone() == (0,)
    with tenant_scope(make_tenant().pk):
        foreign = look_up("zürich", organization_id=organization.pk)
        assert foreign.is_rare
        assert not foreign.filter(Product.objects.all()).exists()
