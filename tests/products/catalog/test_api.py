"""The catalogue over REST: for everybody, and in the currency of an organization (API-1, PRD-1)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from manager.kit.clock import now
from products.catalog.catalog_file import DEMONSTRATION
from products.catalog.services import load_catalog
from products.catalog.staff_selectors import find_plan
from tests.factories.products import make_plan

ADDRESS = "/api/1/catalogue"


@pytest.fixture(autouse=True)
def catalogue() -> None:
    load_catalog(path=DEMONSTRATION, on=now().date())


def plans(client: Client, *, search: str = "", **filters: str) -> dict[str, dict[str, Any]]:
    query = {f"filter[{name}]": value for name, value in filters.items()} | {"search": search}
    answer = client.get(ADDRESS, query)
    assert answer.status_code == 200, answer.content
    return {plan["slug"]: plan for family in answer.json()["data"] for plan in family["plans"]}


def test_tells_terms_options_and_prices_without_a_token(client: Client) -> None:
    """PRD-1: amounts with their currency; a domain with its options, its first year and its restore fee."""
    domain = plans(client, currency="EUR")["domain-com"]
    assert domain["extension"] == ".com"
    assert domain["prices"][0] == {"months": 12, "amount": {"amount": 1420, "currency": "EUR"}}
    assert [row["months"] for row in domain["first_period_prices"]] == [12]
    assert domain["restore_fee"]["amount"] > 0
    assert [option["slug"] for option in domain["options"]][-1] == "renewal-warranty"
    assert plans(client)["web-hosting"]["trial_months"] == 3
    storage = plans(client)["web-hosting"]["options"][0]
    assert (storage["unit"], storage["included"], storage["step"]) == ("GB", 100, 50)


def test_filters_by_family_kind_and_words_in_any_language(client: Client) -> None:
    """PRD-1."""
    assert set(plans(client, family="streaming")) == {"radio-streaming", "video-streaming", "vod-aod"}
    assert {plan["kind"] for plan in plans(client, kind="nas").values()} == {"nas"}
    assert "web-hosting" in plans(client, search="hébergement")
    assert plans(client, search="no such thing") == {}


def test_a_family_of_which_nothing_is_sold_in_the_currency_is_not_there(client: Client) -> None:
    """PRD-1: nobody is led to an empty shelf."""
    make_plan(family="francs", prices={("CHF", 12): 1000})
    shown = {
        currency: {
            family["slug"] for family in client.get(ADDRESS, {"filter[currency]": currency}).json()["data"]
        }
        for currency in ("CHF", "EUR")
    }
    assert shown["CHF"] - shown["EUR"] == {"francs"}


def test_is_counted_for_each_address(client: Client, settings: Settings) -> None:
    """INC-12: and says how often it may be asked."""
    settings.API_REQUESTS_PER_MINUTE = 2
    assert client.get(ADDRESS)["RateLimit"].startswith('"default";r=1')
    assert client.get(ADDRESS, {"filter[currency]": "USD"}).status_code == 422
    answer = client.get(ADDRESS)
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "too_many_requests")
    assert int(answer["Retry-After"]) >= 1
    assert client.get(ADDRESS, REMOTE_ADDR="198.51.100.7").status_code == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("filter[currency]", "USD"),
        ("filter[family]", "a b"),
        ("filter[kind]", "x" * 51),
        ("search", "\0"),
        ("q", "x"),
    ],
    ids=["currency", "family", "kind", "search", "unknown"],
)
def test_refuses_a_filter_that_cannot_be(client: Client, name: str, value: str) -> None:
    """API-4: with the field that is wrong."""
    answer = client.get(ADDRESS, {name: value})
    assert answer.status_code == 422
    assert name in answer.json()["error"]["context"]["fields"]


def test_shows_nothing_that_is_off_sale_and_asks_as_often_for_one_family_as_for_all(
    client: Client, query_count: Callable[[], AbstractContextManager]
) -> None:
    """PRD-1: two queries."""
    plan = find_plan(slug="chk")
    plan.is_orderable = False
    plan.save(update_fields=["is_orderable"])
    with query_count() as all_of_it:
        assert "chk" not in plans(client)
    with query_count() as one:
        plans(client, family="events")
    assert all_of_it.count == one.count <= 3
