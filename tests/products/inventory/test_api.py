"""Products over REST (API-1, API-2, ORG-13)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts.users.models import User
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.inventory import listed
from products.inventory.models import Product, ProductOption
from products.lists.services import set_tags
from tests.factories.cast import grant, make_member, make_person, make_tenant
from tests.factories.products import ACTOR, BEGIN, make_many_products, make_plan, make_product
from tests.factories.tokens import token_client


def url(organization: Organization, path: str = "") -> str:
    return f"/api/1/organizations/{organization.pk}/products{path}"


def data(client: Client, address: str, **query: str) -> Any:
    response = client.get(address, query)
    assert response.status_code == 200, response.content
    return response.json()


def test_lists_and_shows_products(owner: User, organization: Organization) -> None:
    """API-1: under the version, without one, and for the organization used last."""
    product = make_product(organization, name="alpha.example", quantity=2)
    make_product(make_tenant(), name="foreign.example")
    client = token_client(owner, "products:read")
    listed = data(client, url(organization))
    assert listed["result"] == "success"
    assert [row["id"] for row in listed["data"]] == [product.pk]
    shown = data(client, url(organization, f"/{product.pk}"))["data"]
    assert shown == listed["data"][0]
    assert (shown["name"], shown["status"], shown["quantity"]) == ("alpha.example", "active", 2)
    assert shown["expires_on"] == "2027-01-15"
    assert data(client, "/api/organizations/current/products")["data"] == listed["data"]


def test_a_row_says_what_the_product_itself_says(
    owner: User, organization: Organization, query_count: Callable[[], AbstractContextManager[Any]]
) -> None:
    """API-1: the list, which writes its rows at once, says all as the single product does; 3 queries."""
    product = make_product(organization, quantity=2)
    with tenant_scope(organization.pk):
        for slug in ("ssh", "backup"):
            ProductOption.objects.create(
                organization=organization, product=product, slug=slug, quantity=len(slug)
            )
        Product.objects.filter(pk=product.pk).update(
            internal_name='<b>"Ä"</b>',
            reference="R 1",
            activated_at=BEGIN.replace(microsecond=120_000),
        )
        set_tags(product=product, names=["shop", "Älpler", "Zoo"], actor=ACTOR, at=BEGIN)
    client = token_client(owner, "products:read")
    data(client, url(organization))
    with query_count() as seen:
        (row,) = data(client, url(organization))["data"]
    assert len([one for one in seen.statements if one.startswith("SELECT")]) == 3
    assert row == data(client, url(organization, f"/{product.pk}"))["data"]
    assert [tag["name"] for tag in row["tags"]] == ["shop", "Zoo", "Älpler"]
    assert row["activated_at"].endswith(".120000Z")


def test_pages_by_cursor(owner: User, organization: Organization) -> None:
    """API-1: forth and back over equal expiries."""
    make_many_products(organization, 50, plan=make_plan(), begin=date(2026, 1, 15))
    client = token_client(owner, "products:read")
    seen: list[int] = []
    query: dict[str, str] = {"per_page": "20", "order": "desc"}
    while query:
        page = data(client, url(organization), **query)
        seen += [row["id"] for row in page["data"]]
        after = page["next"]
        query = {"per_page": "20", "order": "desc", "after": after} if after else {}
    assert len(seen) == len(set(seen)) == 50
    back = data(client, url(organization), per_page="20", order="desc", before=page["previous"])
    assert [row["id"] for row in back["data"]] == seen[20:40]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"search": "ALP"}, {"alpha.example"}),
        ({"filter[auto_renew]": "true"}, {"beta.example"}),
        ({"filter[status]": "pending"}, {"gamma.example"}),
        ({"filter[family]": "cloud"}, {"gamma.example"}),
        ({"filter[expires_before]": "2026-03-01"}, {"alpha.example"}),
        ({}, {"alpha.example", "beta.example", "gamma.example"}),
    ],
)
def test_filters(owner: User, organization: Organization, query: dict[str, str], expected: set[str]) -> None:
    """API-1."""
    make_product(organization, name="alpha.example", months=1)
    beta = make_product(organization, name="beta.example")
    make_product(organization, name="gamma.example", plan=make_plan(family="cloud"), activated=False)
    with tenant_scope(organization.pk):
        Product.objects.filter(pk=beta.pk).update(auto_renew=True)
    rows = data(token_client(owner, "products:read"), url(organization), **query)["data"]
    assert {row["name"] for row in rows} == expected


@pytest.mark.parametrize(
    "query",
    [
        {"order_by": "plan__slug"},
        {"order_by": "name;--"},
        {"per_page": "0"},
        {"per_page": "101"},
        {"per_page": "x"},
        {"filter[status]": "nonsense"},
        {"filter[expires_before]": "soon"},
        {"after": "nonsense"},
        {"search": "a\0b"},
        {"search": "x" * 101},
    ],
)
def test_refuses_what_it_does_not_offer(
    owner: User, organization: Organization, query: dict[str, str]
) -> None:
    """API-4, INC-34: a 4xx in the one error shape."""
    response = token_client(owner, "products:read").get(url(organization), query)
    assert 400 <= response.status_code < 500
    assert set(response.json()) == {"result", "error"}


class TestRename:
    def test_changes_the_name(self, owner: User, organization: Organization) -> None:
        """API-1: as the page does."""
        product = make_product(organization)
        client = token_client(owner, "products:write")
        response = client.patch(
            url(organization, f"/{product.pk}"), {"name": " Shop "}, content_type="application/json"
        )
        assert (response.status_code, response.json()["data"]["name"]) == (200, "Shop")

    @pytest.mark.parametrize(
        "body", [{"name": ""}, {"name": "x" * 191}, {"name": None}, {"name": "a\u0000b"}, []]
    )
    def test_refuses_a_bad_name(self, owner: User, organization: Organization, body: object) -> None:
        """API-4."""
        product = make_product(organization)
        response = token_client(owner, "products:write").patch(
            url(organization, f"/{product.pk}"), body, content_type="application/json"
        )
        assert response.status_code == 422

    def test_needs_the_scope_the_right_and_the_grant(self, owner: User, organization: Organization) -> None:
        """API-2, ORG-13: reading is not changing, viewing is not managing, others see nothing."""
        product = make_product(organization)
        bob = make_member(organization)
        address = url(organization, f"/{product.pk}")

        def status(client: Client) -> int:
            return client.patch(address, {"name": "x"}, content_type="application/json").status_code

        assert status(token_client(owner, "products:read")) == 403
        assert status(token_client(bob, "products:write")) == 404
        grant(organization, bob, "view", product_id=product.pk)
        assert status(token_client(bob, "products:write")) == 403
        assert status(token_client(make_person("Charlie"), "products:write")) == 404
        assert status(Client()) == 401


def test_pages_that_a_program_names_push_out_no_other_query(owner: User, organization: Organization) -> None:
    """API-1: what is asked by number, and in sizes of a program's own, is right and is not kept as SQL."""
    make_many_products(organization, 7, plan=make_plan(), begin=BEGIN)
    client = token_client(owner, "products:read")
    whole = [row["id"] for row in data(client, url(organization))["data"]]
    kept = vars(listed._PAGE)["_statements"]
    before = set(kept)
    for size in range(1, 5):
        asked = {"per_page": str(size), "page": "2"}
        found = [row["id"] for row in data(client, url(organization), **asked)["data"]]
        assert found == whole[size : 2 * size]
        data(client, url(organization), per_page=str(size))
    assert set(kept) == before
