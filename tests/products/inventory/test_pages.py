"""The pages of products: lists, one product, its name (PRD-2, UI-2, UI-6, ORG-13)."""

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from django.test import Client

from accounts.users.models import User
from manager.kit.scope import tenant_scope
from organizations.access.roles import Role
from organizations.profile.models import Organization
from products.catalog.models import Plan
from products.inventory.models import Product
from products.inventory.services import suspend_product
from tests.factories.cast import client_of, grant, make_member, make_person, make_tenant
from tests.factories.products import ACTOR, BEGIN, make_many_products, make_plan, make_product

NAMES = ["alpha.example", "beta.example", "gamma.example"]


@pytest.fixture
def owner() -> User:
    return make_person("Alice Meier")


@pytest.fixture
def organization(owner: User) -> Organization:
    return make_tenant(owner)


@pytest.fixture
def alice(owner: User) -> Client:
    return client_of(owner)


def products_url(organization: Organization, path: str = "") -> str:
    return f"/o/{organization.pk}/products/{path}"


def names_on(html: str, names: list[str]) -> list[str]:
    """Return those of `names` that the list shows, in its order."""
    return sorted(
        (name for name in names if f">{name}</a>" in html), key=lambda name: html.index(f">{name}</a>")
    )


def get(client: Client, url: str, **query: str) -> str:
    response = client.get(url, query)
    assert response.status_code == 200, response.content[:500]
    return response.content.decode()


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


class TestProduct:
    def test_shows_its_days_its_price_and_what_happens_next(
        self, alice: Client, organization: Organization
    ) -> None:
        """PRD-2, PRD-8."""
        product = make_product(organization, name="alpha.example", quantity=2)
        html = get(alice, products_url(organization, f"{product.pk}/"))
        for text in (
            "alpha.example",
            "What happens next",
            "Suspension",
            "Termination",
            "CHF",
            "240.00",
            "Activated",
        ):
            assert text in html
        assert "Paid, being set up" in html

    def test_a_stranger_finds_nothing(self, organization: Organization) -> None:
        """ORG-17: as if it did not exist."""
        product = make_product(organization)
        charlie = make_person("Charlie")
        own = make_tenant(charlie)
        client = client_of(charlie)
        assert client.get(products_url(organization, f"{product.pk}/")).status_code == 404
        assert client.get(products_url(own, f"{product.pk}/")).status_code == 404
        assert client.post(products_url(own, f"{product.pk}/rename/"), {"name": "x"}).status_code == 404
        assert client.get(products_url(own, "99999999999999999999/")).status_code == 404

    def test_a_collaborator_sees_what_was_granted(self, organization: Organization) -> None:
        """ORG-13: by product or by family; the rest is a 404, in lists it is not there."""
        web, cloud = (make_product(organization, plan=make_plan(family=slug)) for slug in ("web", "cloud"))
        bob = make_member(organization)
        client = client_of(bob)
        assert client.get(products_url(organization, f"{web.pk}/")).status_code == 404
        grant(organization, bob, product_id=web.pk)
        assert client.get(products_url(organization, f"{web.pk}/")).status_code == 200
        assert client.get(products_url(organization, f"{cloud.pk}/")).status_code == 404
        grant(organization, bob, family="cloud")
        assert client.get(products_url(organization, f"{cloud.pk}/")).status_code == 200
        assert names_on(get(client, products_url(organization)), [web.name, cloud.name])

    def test_hides_no_reason_from_who_may_only_view(self, organization: Organization) -> None:
        """UI-6, ORG-13: greyed with the reason, and refused by the server."""
        product = make_product(organization)
        bob = make_member(organization)
        grant(organization, bob, "view", product_id=product.pk)
        client = client_of(bob)
        html = get(client, products_url(organization, f"{product.pk}/"))
        assert "You may only view this product" in html
        assert "needs the billing right" in html
        assert (
            client.post(products_url(organization, f"{product.pk}/rename/"), {"name": "x"}).status_code == 403
        )

    def test_texts_of_people_are_shown_as_text(self, alice: Client, organization: Organization) -> None:
        """INC-30."""
        product = make_product(organization, name='"><script>alert(1)</script>')
        for url in (products_url(organization), products_url(organization, f"{product.pk}/")):
            assert "<script>alert" not in get(alice, url)


class TestRename:
    def test_changes_the_name(self, alice: Client, organization: Organization) -> None:
        """PRD-2."""
        product = make_product(organization)
        url = products_url(organization, f"{product.pk}/rename/")
        assert alice.get(url).status_code == 200
        response = alice.post(url, {"name": "  New name "})
        assert response.status_code == 302
        assert response["Location"] == products_url(organization, f"{product.pk}/")
        assert "New name" in get(alice, response["Location"])

    @pytest.mark.parametrize("name", ["", "   ", "x" * 191, "a\0b", "a\x1bb", "two\nlines"])
    def test_refuses_a_bad_name_beside_its_field(
        self, alice: Client, organization: Organization, name: str
    ) -> None:
        """PRD-2: 422 with the form; nothing is changed."""
        product = make_product(organization, name="kept.example")
        response = alice.post(products_url(organization, f"{product.pk}/rename/"), {"name": name})
        assert response.status_code == 422
        assert "id_name" in response.content.decode()
        with tenant_scope(organization.pk):
            assert Product.objects.get(pk=product.pk).name == "kept.example"

    @pytest.mark.parametrize("role", [Role.COLLABORATOR, Role.EXTERNAL])
    def test_a_member_with_a_managing_grant_may(self, organization: Organization, role: str) -> None:
        """ORG-13."""
        product = make_product(organization)
        bob = make_member(organization, role)
        grant(organization, bob, "manage", product_id=product.pk)
        response = client_of(bob).post(products_url(organization, f"{product.pk}/rename/"), {"name": "Mine"})
        assert response.status_code == 302


def test_the_price_of_a_withdrawn_period_is_not_made_up(alice: Client, organization: Organization) -> None:
    """PRD-1: a period that is no longer sold has no price."""
    plan: Plan = make_plan(prices={("EUR", 12): 1000})
    product = make_product(organization, plan=plan)
    assert "Not sold for this period any more" in get(alice, products_url(organization, f"{product.pk}/"))
