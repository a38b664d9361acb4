"""What is to be paid over REST: invoices and products as one list (BIL-2, API-1)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.users.models import User
from organizations.profile.models import Organization
from products.inventory.models import Product
from tests.factories.billing import make_legal_entity
from tests.factories.cast import make_person, make_tenant
from tests.factories.payments import make_order_invoice, now
from tests.factories.products import make_plan, make_product
from tests.factories.tokens import token_client


@pytest.fixture
def owner() -> User:
    return make_person()


@pytest.fixture
def organization(owner: User) -> Organization:
    make_legal_entity()
    return make_tenant(owner)


@pytest.fixture
def client(owner: User) -> Client:
    return token_client(owner, "billing:read", "billing:write")


def due_in(organization: Organization, days: int, **given: Any) -> Product:
    """Return a product that expires in `days` days."""
    begun = now() + timedelta(days=days) - timedelta(days=365)
    product: Product = make_product(organization, at=begun, **given)
    return product


def ask(client: Client, organization: Organization, **query: Any) -> dict[str, Any]:
    answer = client.get(f"/api/1/organizations/{organization.pk}/to-pay", query)
    assert answer.status_code == 200, answer.content
    told: dict[str, Any] = answer.json()
    return told


def names(rows: list[dict[str, Any]]) -> list[str]:
    """Return each row by what it is of."""
    return [
        f"i{row['invoice']['id']}" if row["kind"] == "invoice" else f"p{row['product']['product_id']}"
        for row in rows
    ]


def walk(client: Client, organization: Organization, way: str, **query: Any) -> Iterator[dict[str, Any]]:
    """Give all rows, one on a page, following `next` or `previous`."""
    parameter = {"next": "after", "previous": "before"}[way]
    page = ask(client, organization, per_page=1, **query)
    while page["data"]:
        yield page["data"][0]
        if page[way] is None:
            return
        rest = {name: value for name, value in query.items() if name not in {"after", "before", "page"}}
        page = ask(client, organization, per_page=1, **rest, **{parameter: page[way]})


def test_invoices_and_products_of_a_day_are_met_once_from_either_end(
    organization: Organization, client: Client
) -> None:
    """BIL-2: by day, invoices before products, by cursor in both directions and by number."""
    drafts = [make_order_invoice(organization)[0] for _number in range(2)]
    day = (drafts[0].due_on - now().date()).days
    plan = make_plan()
    products = [due_in(organization, days, plan=plan) for days in (day, day, day + 20)]
    rows = ask(client, organization)["data"]
    assert len({row["due_on"] for row in rows}) == 2
    whole = names(rows)
    assert whole == [f"i{draft.pk}" for draft in drafts] + [f"p{product.pk}" for product in products]
    assert names(list(walk(client, organization, "next"))) == whole
    assert names(list(walk(client, organization, "next", order="desc"))) == whole[::-1]
    last = ask(client, organization, page=5, per_page=1)
    assert (names(last["data"]), last["total"], last["pages"], last["next"]) == (whole[4:], 5, 5, None)
    before = names(list(walk(client, organization, "previous", before=last["previous"])))
    assert [*before[::-1], whole[4]] == whole
    numbers = [ask(client, organization, page=number, per_page=2)["data"] for number in (1, 2, 3)]
    assert [name for rows in numbers for name in names(rows)] == whole


def test_a_search_that_only_one_kind_answers_finds_it(organization: Organization, client: Client) -> None:
    """BIL-2: also where nothing answers it; with the total alike."""
    draft, _order = make_order_invoice(organization)
    product = due_in(organization, 30, name="Lonely harbour")
    for text, found in (("lonely", [f"p{product.pk}"]), (str(draft.pk), [f"i{draft.pk}"]), ("nothing", [])):
        for query in ({}, {"page": 1}, {"order": "desc"}):
            assert names(ask(client, organization, search=text, **query)["data"]) == found
    kinds = {kind: names(ask(client, organization, **{"filter[kind]": kind, "page": 1})["data"])
             for kind in ("invoices", "renewals", "nosuch")}  # fmt: skip
    assert kinds == {"invoices": [f"i{draft.pk}"], "renewals": [f"p{product.pk}"], "nosuch": []}


def test_tells_an_invoice_as_it_is_told_alone_and_what_a_renewal_costs(
    organization: Organization, client: Client
) -> None:
    """API-1: a list of rows of several tables leaves no field of an invoice at what it is without a row."""
    draft, _order = make_order_invoice(organization)
    product = due_in(organization, 30, quantity=2)
    rows = {row["kind"]: row for row in ask(client, organization)["data"]}
    alone = client.get(f"/api/1/organizations/{organization.pk}/invoices/{draft.pk}").json()["data"]
    told = rows["invoice"]["invoice"]
    assert told == {name: alone[name] for name in told}
    renewal = rows["renewal"]["product"]
    assert renewal["expires_on"] == rows["renewal"]["due_on"] == str(product.expires_on)
    year = {row["months"]: row["net_amount"] for row in renewal["periods"]}[12]
    asked = {"products": [{"product": product.pk, "months": 12}]}
    path = f"/api/1/organizations/{organization.pk}/to-pay/quote"
    quoted = client.post(path, asked, content_type="application/json").json()["data"]
    assert year == quoted["net_amount"]
