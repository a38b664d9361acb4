"""Kinds within a family: in the menu, the list, kept filters, and in the database itself (PRD-2)."""

import re
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.db import connections
from django.test import Client

from accounts.users.models import User
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.catalog.catalog_file import DEMONSTRATION, read_catalog
from products.catalog.kinds import NAMES, name_of_kind
from products.inventory.models import Product
from tests.factories.cast import client_of, grant, make_member, make_person, make_tenant
from tests.factories.products import make_many_products, make_plan, make_product
from tests.factories.tokens import token_client
from tests.products.inventory.pages import get, names_on, products_url

NAMED = ["alpha.example", "beta.example", "gamma.example"]


@pytest.fixture
def three(organization: Organization) -> Organization:
    """A hosting, a domain name, and a hosting of another organization."""
    hosting = make_plan(family="web", kind="hosting", position=2)
    make_product(organization, name="alpha.example", plan=hosting)
    make_product(organization, name="beta.example", plan=make_plan(family="web", kind="domain"))
    make_product(make_tenant(name="Other SA"), name="gamma.example", plan=hosting)
    return organization


def test_a_kind_of_a_family_is_a_list_of_its_own(alice: Client, three: Organization) -> None:
    """PRD-2, ORG-17: under its name, with nothing of others."""
    html = get(alice, products_url(three, "web/"), kind="hosting")
    assert names_on(html, NAMED) == ["alpha.example"]
    assert "<h1" in html
    assert re.search(r"<h1[^>]*>\s*(<svg.*?</svg>)?\s*(<span[^>]*>)?Hosting", html, re.DOTALL)
    assert names_on(get(alice, products_url(three), kind="domain"), NAMED) == ["beta.example"]
    assert names_on(get(alice, products_url(three), kind="hosting", q="beta"), NAMED) == []


def test_the_menu_leads_to_the_kinds_of_a_family(alice: Client, three: Organization) -> None:
    """PRD-2: in the shop's order, the present one marked; a family with a single kind is one entry."""
    make_plan(family="cloud", kind="vps")
    html = get(alice, products_url(three, "web/"), kind="hosting")
    menu = html[html.index('id="side-menu"') : html.index("</nav>", html.index('id="side-menu"'))]
    web, cloud = products_url(three, "web/"), products_url(three, "cloud/")
    assert re.findall(rf'href="{web}([^"]*)"', menu) == ["", "?kind=domain", "?kind=hosting"]
    assert re.search(rf'href="{web}\?kind=hosting" aria-current="page"', menu)
    assert menu.count('aria-current="page"') == 1
    assert re.findall(rf'href="{cloud}([^"]*)"', menu) == [""]


def test_a_kind_without_products_says_so(alice: Client, three: Organization) -> None:
    """UI-2; a word that is no kind here is a filter that nothing matches, and is not repeated."""
    make_plan(family="web", kind="certificate")
    assert "Nothing in SSL certificates yet" in get(alice, products_url(three, "web/"), kind="certificate")
    html = get(alice, products_url(three, "web/"), kind="unheard-of")
    assert "No product matches" in html
    assert "Unheard of" not in html
    assert alice.get(products_url(three), {"kind": "x' or 1=1"}).status_code == 400
    assert alice.get(products_url(three), {"kind": "x" * 51}).status_code == 400


def test_a_kept_filter_keeps_the_kind(alice: Client, three: Organization) -> None:
    """UI-2."""
    address = f"/o/{three.pk}/products/filters/save/"
    alice.post(address, {"name": "Hostings", "family": "web", "query": "kind=hosting", "is_default": "on"})
    answer = alice.get(products_url(three, "web/"))
    assert answer.headers["Location"].endswith("?kind=hosting")


def test_programs_filter_by_kind(owner: User, three: Organization) -> None:
    """API-1, ORG-13: within what the person sees."""
    address = f"/api/1/organizations/{three.pk}/products"

    def found(user: User, kind: str) -> list[tuple[str, str]]:
        answer = token_client(user, "products:read").get(address, {"filter[kind]": kind})
        return [(row["name"], row["kind"]) for row in answer.json()["data"]]

    assert found(owner, "hosting") == [("alpha.example", "hosting")]
    assert found(owner, "unheard-of") == []
    bob = make_member(three)
    with tenant_scope(three.pk):
        beta = Product.objects.get(name="beta.example")
    grant(three, bob, "view", product_id=beta.pk)
    assert (found(bob, "hosting"), found(bob, "domain")) == ([], [("beta.example", "domain")])
    refused = token_client(owner, "products:read").get(address, {"filter[kind]": "a b"})
    assert refused.status_code == 422


def test_the_database_gives_each_product_the_kind_of_its_plan(organization: Organization) -> None:
    """PRD-2: whatever way it is made in, one at a time or many at once, and with another plan."""
    hosting, domain = make_plan(kind="hosting"), make_plan(kind="domain")
    product = make_product(organization, plan=hosting)
    assert product.kind == "hosting"
    make_many_products(organization, 3, plan=domain, begin=date(2026, 1, 15))
    with tenant_scope(organization.pk):
        assert Product.objects.filter(kind="domain").count() == 3
        Product.objects.filter(pk=product.pk).update(plan=domain)
        assert Product.objects.get(pk=product.pk).kind == "domain"


@pytest.fixture
def far_numbers(superuser_connection: psycopg.Connection) -> Iterator[None]:
    """Many organizations were made and are gone: those that follow have numbers far apart from the first."""
    sequence = "organizations_organization_id_seq"
    (last,) = superuser_connection.execute(f"SELECT last_value FROM {sequence}").fetchone() or (1,)
    superuser_connection.execute("SELECT setval(%s::regclass, %s)", [sequence, last + 1000])
    yield
    superuser_connection.execute("SELECT setval(%s::regclass, %s)", [sequence, last])


def test_the_migration_fills_what_was_there(
    superuser_connection: psycopg.Connection, far_numbers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Products of every organization, in batches, and again without harm: as many as there are products."""
    plan = make_plan(kind="vps")
    tenants = {make_tenant(): 5, make_tenant(): 2}
    for tenant, number in tenants.items():
        make_many_products(tenant, number, plan=plan, begin=date(2026, 1, 15))
    superuser_connection.execute("update products_product set kind = ''")
    migration = import_module("products.migrations.0016_kind_filled")
    monkeypatch.setattr(migration, "BATCH", 2)
    asked: list[str] = []
    for alias in ("system", "owner"):
        connections[alias].ensure_connection()  # what a new connection asks is not counted

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    for _again in range(2):
        with connections["system"].execute_wrapper(count), connections["owner"].execute_wrapper(count):
            migration.fill_kinds(None, SimpleNamespace(connection=connections["owner"]))
    for tenant, number in tenants.items():
        with tenant_scope(tenant.pk):
            assert Product.objects.filter(kind="vps").count() == number
    # Four batches of two, and one that finds nothing more: nothing is asked for numbers that nobody has.
    assert asked == [migration.FILL] * 2 * 5


def test_the_migration_leaves_what_has_a_kind(
    organization: Organization, superuser_connection: psycopg.Connection
) -> None:
    """A product that was made meanwhile keeps its kind, and its row is not written again."""
    product = make_product(organization, plan=make_plan(kind="vps"))
    superuser_connection.execute("update products_product set kind = 'kept'")
    written = "select xmin from products_product where id = %s"
    before = superuser_connection.execute(written, [product.pk]).fetchone()
    migration = import_module("products.migrations.0016_kind_filled")
    migration.fill_kinds(None, SimpleNamespace(connection=connections["owner"]))
    assert superuser_connection.execute(written, [product.pk]).fetchone() == before
    with tenant_scope(organization.pk):
        assert Product.objects.get(pk=product.pk).kind == "kept"


def test_each_kind_of_the_catalogue_has_a_name() -> None:
    """PRD-1: of those that the panel ships; one that staff make up is called by its own word."""
    shipped = {plan.kind for family in read_catalog(DEMONSTRATION) for plan in family.plans}
    assert shipped <= set(NAMES)
    assert name_of_kind("game-server") == "Game server"


def test_members_of_others_see_no_list(three: Organization) -> None:
    """ORG-17."""
    stranger = client_of(make_person("Zoe"))
    assert stranger.get(products_url(three, "web/"), {"kind": "hosting"}).status_code == 404
