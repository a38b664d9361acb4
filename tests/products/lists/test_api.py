"""What a member keeps for the lists, over REST (UI-2, API-1)."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http import QueryDict
from django.test import Client

from accounts.users.models import User
from organizations.profile.models import Organization
from tests.factories.products import make_product
from tests.factories.tokens import token_client
from tests.products.inventory.pages import get, names_on, products_url

NAMES = ["alpha.example", "beta.example"]
Send = Callable[..., Any]


@pytest.fixture
def send(owner: User, organization: Organization) -> Send:
    """Return what sends a request of the person whose pages `alice` opens."""
    script = token_client(owner, "products:read", "products:write")

    def ask(method: str, path: str, body: Any = None) -> tuple[int, Any]:
        address = f"/api/1/organizations/{organization.pk}/{path}"
        text = "" if body is None else json.dumps(body)
        answer = script.generic(method, address, text, "application/json")
        return answer.status_code, answer.json().get("data")

    return ask


def test_a_filter_kept_by_a_script_opens_the_list(
    alice: Client, organization: Organization, send: Send
) -> None:
    """API-1: the page applies it, the script renames, prefers and forgets it."""
    for name in NAMES:
        make_product(organization, name=name)
    words = {"search": "alpha", "sort": "-name"}
    status, kept = send("POST", "product-filters", {"name": "Mine", "filter": words})
    assert (status, kept["family"], kept["filter"], kept["is_default"]) == (201, "", words, False)
    one = f"product-filters/{kept['id']}"
    assert send("PATCH", one, {"name": "Yours"})[1]["name"] == "Yours"
    assert send("POST", f"{one}/default")[1]["is_default"] is True
    opened = alice.get(products_url(organization), follow=True).content.decode()
    assert names_on(opened, NAMES) == NAMES[:1]
    assert "Yours" in opened
    assert send("DELETE", f"{one}/default")[1]["is_default"] is False
    assert send("DELETE", one)[0] == 200
    assert send("GET", "product-filters") == (200, [])


@pytest.mark.parametrize("search", ["\U0001f600" * 100, "a&b=c+d %26 \u00fc#?/"], ids=["longest", "signs"])
def test_every_search_can_be_kept(alice: Client, organization: Organization, send: Send, search: str) -> None:
    """UI-2: the longest one as well, and the list opens with just that."""
    wanted = {"name": "Mine", "filter": {"search": search}, "is_default": True}
    status, kept = send("POST", "product-filters", wanted)
    assert (status, kept["filter"]) == (201, {"search": search})
    query = urlsplit(alice.get(products_url(organization))["Location"]).query
    assert QueryDict(query).dict() == {"q": search}


def test_a_filter_that_the_list_does_not_offer_is_refused(send: Send) -> None:
    """INC-34: beside its place; a page drops it, a script is told."""
    refused = ({"sort": "organization__name"}, {"status": "blue"}, {"expires": ""}, {"tag": 0}, {"stat": "x"})
    for words in refused:
        assert send("POST", "product-filters", {"name": "X", "filter": words})[0] == 422


def test_a_family_that_does_not_exist_is_refused_beside_its_field(
    owner: User, organization: Organization
) -> None:
    """API-4: the address is right, the value is not."""
    script = token_client(owner, "products:write")
    answer = script.post(
        f"/api/1/organizations/{organization.pk}/product-filters",
        json.dumps({"name": "X", "family": "none"}),
        content_type="application/json",
    )
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], list(error["context"]["fields"])) == (
        422,
        "validation_failed",
        ["family"],
    )


def test_columns_are_those_of_the_page(alice: Client, organization: Organization, send: Send) -> None:
    """UI-2."""
    make_product(organization, name=NAMES[0])
    chosen = send("PUT", "product-columns", {"columns": ["price", "reference"]})
    assert chosen == (200, {"columns": ["reference", "price"]}) == send("GET", "product-columns")
    assert ">Own reference</th>" in get(alice, products_url(organization))
    assert send("PUT", "product-columns", {"columns": ["owner"]})[0] == 422


def test_a_calendar_tells_its_address_once(send: Send) -> None:
    """ACC-16: and ends."""
    assert send("GET", "expiry-calendar") == (200, None)
    status, made = send("POST", "expiry-calendar")
    path = urlsplit(made["address"]).path
    assert (status, Client().get(path).status_code) == (201, 200)
    assert set(send("GET", "expiry-calendar")[1]) == {"created_at", "last_read_at"}
    assert send("DELETE", "expiry-calendar")[0] == 200
    assert Client().get(path).status_code == 404
