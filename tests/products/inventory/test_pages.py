"""The pages of products: lists, one product, its name (PRD-2, UI-2, UI-6, ORG-13)."""

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from django.test import Client

from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.inventory.services import suspend_product
from tests.factories.cast import client_of, grant, make_member, make_tenant
from tests.factories.products import ACTOR, BEGIN, make_many_products, make_plan, make_product
from tests.products.inventory.pages import get, names_on, products_url

NAMES = ["alpha.example", "beta.example", "gamma.example"]


class TestList:
    def test_shows_what_the_organization_owns_and_nothing_else(
        self, alice: Client, organization: Organization
    ) -> None:
        """ORG-17, PRD-2."""
        for name in NAMES:
            make_product(organization, name=name)
        make_product(make_tenant(name="Other SA"), name="foreign.example")
        html = get(alice, products_url(organization))
        assert set(names_on(html, [*NAMES, "foreign.example"])) == set(NAMES)

    def test_an_empty_list_says_what_to_do(self, alice: Client, organization: Organization) -> None:
        """UI-2."""
        html = get(alice, products_url(organization))
        assert "No products yet" in html
        assert "Look at the offers" in html
        assert "No product matches" in get(alice, products_url(organization), q="nothing")

    def test_a_family_shows_its_own(self, alice: Client, organization: Organization) -> None:
        """PRD-2."""
        make_product(organization, name="alpha.example", plan=make_plan(family="web"))
        make_product(organization, name="beta.example", plan=make_plan(family="cloud"))
        assert names_on(get(alice, products_url(organization, "cloud/")), NAMES) == ["beta.example"]
        assert alice.get(products_url(organization, "no-such-family/")).status_code == 404

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({"q": "ETA"}, ["beta.example"]),
            ({"q": "100%"}, []),
            ({"status": "suspended"}, ["gamma.example"]),
            ({"status": "active", "sort": "-name"}, ["beta.example", "alpha.example"]),
            ({"renewal": "on"}, ["alpha.example"]),
            ({"renewal": "off", "sort": "name"}, ["beta.example", "gamma.example"]),
            ({"sort": "name"}, NAMES),
            ({"sort": "-name"}, NAMES[::-1]),
            ({"sort": "status"}, ["alpha.example", "beta.example", "gamma.example"]),
        ],
    )
    def test_filters_searches_and_sorts(
        self, alice: Client, organization: Organization, query: dict[str, str], expected: list[str]
    ) -> None:
        """UI-2."""
        made = {name: make_product(organization, name=name) for name in NAMES}
        with tenant_scope(organization.pk):
            suspend_product(product=made["gamma.example"], actor=ACTOR, at=BEGIN)
            Product.objects.filter(name="alpha.example").update(auto_renew=True)
        assert names_on(get(alice, products_url(organization), **query), NAMES) == expected

    def test_ended_products_show_only_when_asked_for(self, alice: Client, organization: Organization) -> None:
        """PRD-8."""
        product = make_product(organization, name="alpha.example")
        with tenant_scope(organization.pk):
            Product.objects.filter(pk=product.pk).update(status="terminated")
        assert names_on(get(alice, products_url(organization)), NAMES) == []
        assert names_on(get(alice, products_url(organization), status="terminated"), NAMES) == [
            "alpha.example"
        ]

    @pytest.mark.parametrize(
        "query",
        [
            {"sort": "organization__name"},
            {"sort": "id); drop table products_product; --"},
            {"status": "nonsense"},
            {"expires": "-1"},
            {"renewal": "x"},
            {"after": "!!!"},
            {"after": "bm90IGpzb24"},
            {"before": "WyIyMDI2LTAxLTAxIiwtMV0"},
            {"after": "WyJub3QgYSBkYXRlIiwxXQ"},
            {"q": "a\0b"},
            {"q": "x" * 101},
        ],
    )
    def test_refuses_what_it_does_not_offer(
        self, alice: Client, organization: Organization, query: dict[str, str]
    ) -> None:
        """INC-34: names of columns come from a list of our own; a broken address is a 4xx."""
        make_product(organization)
        assert 400 <= alice.get(products_url(organization), query).status_code < 500

    def test_pages_forth_and_back_without_losing_a_row(
        self, alice: Client, organization: Organization
    ) -> None:
        """UI-2: equal expiries and names are told apart by the id."""
        make_many_products(organization, 60, plan=make_plan(), begin=date(2026, 1, 15))
        for sort in ("expires_on", "-expires_on", "name", "-name", "status"):
            seen, forth = self.walk(alice, organization, sort, "next")
            assert len(seen) == len(set(seen)) == 60
            back, _ = self.walk(alice, organization, sort, "prev", start=forth)
            assert back == seen[:50], sort

    def walk(
        self, client: Client, organization: Organization, sort: str, rel: str, start: str = ""
    ) -> tuple[list[str], str]:
        url = start or f"{products_url(organization)}?sort={sort}"
        pages: list[list[str]] = []
        visited = ""
        while url:
            html = get(client, url)
            visited = url
            ids = [part.split('"')[0].split("/")[0] for part in html.split('class="table__link" href="')[1:]]
            ids = [
                part.split('"')[0].rstrip("/").rsplit("/", 1)[1]
                for part in html.split('class="table__link" href="')[1:]
            ]
            pages.append(ids)
            link = html.split(f'rel="{rel}" href="')
            url = (
                products_url(organization) + link[1].split('"')[0].replace("&amp;", "&")
                if len(link) > 1
                else ""
            )
        ordered = pages if rel == "next" else pages[:0:-1]
        return [pk for ids in ordered for pk in ids], visited

    def test_asks_the_database_as_often_for_25_as_for_10000_rows(
        self,
        alice: Client,
        organization: Organization,
        query_count: Callable[[], AbstractContextManager],
    ) -> None:
        """UI-2: on the plain list, its last pages, a search and every order."""
        plan = make_plan()
        queries = [
            {},
            {"q": "site-0"},
            {"status": "active"},
            {"expires": "90"},
            *({"sort": sort} for sort in ("name", "-name", "-expires_on", "status")),
        ]
        make_many_products(organization, 26, plan=plan, begin=date(2026, 1, 15))
        get(alice, products_url(organization))
        few = self.counts(alice, organization, queries, query_count)
        make_many_products(organization, 10_000, plan=plan, begin=date(2026, 1, 15))
        many = self.counts(alice, organization, queries, query_count)
        assert many == few
        assert max(many) <= 20

    def counts(
        self,
        client: Client,
        organization: Organization,
        queries: list[dict[str, str]],
        query_count: Callable[[], AbstractContextManager],
    ) -> list[int]:
        found = []
        for query in queries:
            with query_count() as seen:
                get(client, products_url(organization), **query)
            found.append(seen.count)
        return found

    def test_stops_counting_after_a_thousand(self, alice: Client, organization: Organization) -> None:
        """UI-2: no count of everything."""
        make_many_products(organization, 1100, plan=make_plan(), begin=date(2026, 1, 15))
        assert "More than 1,000 products" in get(alice, products_url(organization))


class TestExport:
    def test_cells_cannot_be_formulas(self, alice: Client, organization: Organization) -> None:
        """INC-31: text that looks like a formula is prefixed, numbers stay numbers."""
        for name in ("=1+1", "+41", "-2", "@sum", "plain.example"):
            make_product(organization, name=name, quantity=3)
        response = alice.get(products_url(organization), {"format": "csv"})
        assert response["Content-Type"] == "text/csv; charset=utf-8"
        assert "attachment" in response["Content-Disposition"]
        rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
        assert [row["Name"] for row in rows] == ["'=1+1", "'+41", "'-2", "'@sum", "plain.example"]
        assert {row["Quantity"] for row in rows} == {"3"}

    def test_holds_what_the_filters_leave_and_the_member_sees(self, organization: Organization) -> None:
        """ORG-13: the file shows no more than the list."""
        seen, hidden = (make_product(organization, name=name) for name in NAMES[:2])
        bob = make_member(organization)
        grant(organization, bob, product_id=seen.pk)
        text = client_of(bob).get(products_url(organization), {"format": "csv"}).content.decode()
        assert seen.name in text
        assert hidden.name not in text
