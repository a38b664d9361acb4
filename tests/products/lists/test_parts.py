"""The parts that products are found by follow their words, and nothing else (PRD-2, decision 12)."""

import json
from datetime import date

import pytest
from django.db import connection

from manager.kit.scope import tenant_scope
from products.inventory.models import Product
from tests.factories.products import make_many_products, make_plan

NUMBER = 200
WRONG = """
    SELECT count(*) FROM (
        (SELECT organization_id, part, id FROM products_product, products_parts_of(searched) part
            EXCEPT ALL SELECT organization_id, part, product_id FROM products_searchpart)
        UNION ALL
        (SELECT organization_id, part, product_id FROM products_searchpart
            EXCEPT ALL
            SELECT organization_id, part, id FROM products_product, products_parts_of(searched) part)
    ) AS wrong
"""


@pytest.fixture
def many(organization):
    make_many_products(organization, NUMBER, plan=make_plan(), begin=date(2026, 1, 15))
    return organization


@pytest.fixture
def parts_asked(many):
    """Return a function that changes products and tells for how many of them parts were asked about."""

    def change(values: str) -> int:
        with tenant_scope(many.pk), connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) UPDATE products_product SET {values}")
            told = cursor.fetchone()[0]
        plan = (json.loads(told) if isinstance(told, str) else told)[0]
        assert plan["Plan"]["Plans"][0]["Actual Rows"] > 0
        return sum(one["Calls"] for one in plan["Triggers"] if one["Trigger Name"] == "parts_changed")

    return change


def wrong_parts(superuser_connection):
    """Return how many parts are there without a product, or missing."""
    return superuser_connection.execute(WRONG).fetchone()[0]


@pytest.mark.parametrize(
    "values",
    ["auto_renew = NOT auto_renew", "expires_on = expires_on + 365", "name = upper(name)"],
    ids=["renewal", "expiry", "capitals"],
)
def test_a_change_of_all_products_asks_for_no_parts_where_words_stay(parts_asked, values):
    """BIL-10, PRD-2: switching renewals and settling cost each product the same, however many there are."""
    assert parts_asked(values) == 0


@pytest.mark.parametrize(
    "column", ["name", "internal_name", "reference"], ids=["name", "internal name", "reference"]
)
def test_parts_are_asked_for_once_for_each_product_with_new_words(
    parts_asked, many, superuser_connection, column
):
    """PRD-2: only these; old parts are gone and new ones there, of each of the three."""
    some = Product.objects.using("system").filter(organization_id=many.pk).order_by("pk")[:3]
    ids = ", ".join(str(row.pk) for row in some)
    assert parts_asked(f"{column} = CASE WHEN id IN ({ids}) THEN 'Neu-' || id ELSE {column} END") == 3
    assert wrong_parts(superuser_connection) == 0


def test_names_that_take_turns_in_one_statement_are_found_under_the_new_ones(
    parts_asked, superuser_connection
):
    """PRD-2: every product gets another's name at once."""
    asked = parts_asked("name = 'site-' || lpad(((substr(name, 6, 5)::int + 1) % 200)::text, 5, '0')")
    assert asked == NUMBER
    assert wrong_parts(superuser_connection) == 0
