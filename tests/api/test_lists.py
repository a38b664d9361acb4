"""All lists of the API are asked alike, and cost alike with few rows and with many (API-1)."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from billing.renewals.services import switch_off
from manager.kit.listing import Listing
from manager.kit.scope import tenant_scope
from tests.api.amounts import bare_in_answer
from tests.factories.cast import make_person, make_tenant
from tests.factories.payments import make_method, provider
from tests.factories.products import make_many_products, make_plan
from tests.factories.renewals import ACTOR, days_before, make_renewing, run
from tests.factories.tokens import token_client
from tests.isolation.matrix import walk_routes
from tests.isolation.targets import Route, Target
from tests.isolation.world import MAKERS, World, build_world

pytestmark = pytest.mark.usefixtures("psp", "unlimited")
MOST_QUERIES = 5
MORE_ROWS = 3


@pytest.fixture
def unlimited(settings: Any) -> None:
    """Let one token send more than 60 requests a minute."""
    settings.API_REQUESTS_PER_MINUTE = 1_000_000


def find_lists() -> dict[str, Listing]:
    """Return the list operations by the names of their routes, from the table of addresses."""

    def walk(patterns: list[Any]) -> Iterator[tuple[str, Listing]]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns)
            elif isinstance(pattern, URLPattern):
                listing = getattr(getattr(pattern.callback, "view_class", None), "listing", None)
                if listing is not None:
                    yield str(pattern.name), listing

    return dict(walk(get_resolver().url_patterns))


LISTS = find_lists()


@pytest.fixture(scope="module")
def routes() -> dict[str, Route]:
    """Return all routes of version 1 by name."""
    return {route.name: route for route in walk_routes()}


def _maker_of_rows(route: Route, routes: dict[str, Route]) -> str | None:
    """Return the parameter that names one row of a list: the last one of the route beneath it."""
    beneath = re.compile(re.escape(route.pattern) + r"/<(?:\w+:)?(\w+)>$")
    found = (beneath.match(other.pattern) for other in routes.values())
    return next((match[1] for match in found if match and match[1] in MAKERS), None)


def _more_rows(world: World, route: Route, routes: dict[str, Route]) -> None:
    name = _maker_of_rows(route, routes)
    for _number in range(MORE_ROWS if name else 0):
        world.value(world.own, str(name), MAKERS[str(name)], fresh=True)


def _ask(world: World, address: str, **query: Any) -> Any:
    headers = {"Authorization": f"Bearer {world.token('LR+')}"}
    return Client(headers=headers).get(address, query)


def test_every_list_is_asked_alike_and_costs_alike(
    routes: dict[str, Route], query_count: Callable[[], AbstractContextManager[Any]]
) -> None:
    """API-1: at most 5 queries, with few rows and with many, by cursor and by number."""
    world, dear = build_world(), {}
    for name in LISTS:
        route = routes[f"api-1:{name}"]
        address = route.address(Target(world, route, world.own, world.own).values())
        _more_rows(world, route, routes)
        few = _ask(world, address)
        assert few.status_code == 200, (name, few.content)
        assert bare_in_answer(few.json()["data"], name) == []
        costs = {}
        for query in ({}, {"page": 1}, {"return": "total"}, {"page": 2, "per_page": 1}):
            with query_count() as seen:
                answer = _ask(world, address, **query)
            assert answer.status_code == 200, (name, query, answer.content)
            costs[str(query)] = _own(seen.statements)
        dear[name] = max(costs.values())
        _check_envelope(name, _ask(world, address, page=1).json())
        _more_rows(world, route, routes)
        with query_count() as seen:
            assert _ask(world, address).status_code == 200
        assert _own(seen.statements) <= costs["{}"], f"{name} takes more queries with more rows"
    assert {name: count for name, count in dear.items() if count > MOST_QUERIES} == {}


def test_renewals_whose_refusal_is_kept_cost_no_more(
    query_count: Callable[[], AbstractContextManager[Any]],
) -> None:
    """API-1, BIL-11: also where a means was refused for good, and another one was saved since."""
    owner = make_person()
    organization = make_tenant(owner)
    make_renewing(organization)
    client = token_client(owner, "billing:read")
    address = f"/api/1/organizations/{organization.pk}/renewals"

    def cost(**query: Any) -> int:
        client.get(address, query)
        with query_count() as seen:
            assert client.get(address, query).json()["data"], query
        return _own(seen.statements)

    queries: list[dict[str, Any]] = [{}, {"page": 1}]
    usual = [cost(**query) for query in queries]
    method = make_method(organization)
    provider().set_means(method.reference, behaviour="decline_charge:lost_card")
    leaving = make_renewing(organization)
    run(days_before(14))
    with tenant_scope(organization.pk):
        switch_off(product=leaving, actor=ACTOR, at=days_before(13))
    refused = {"filter[show]": "refused"}
    assert client.get(address, refused).json()["data"]
    assert [cost(**query) for query in queries] == usual
    make_method(organization, "pm_card_mastercard")
    assert [cost(**query) for query in queries] == usual
    assert max(*usual, cost(**refused, page=1)) <= MOST_QUERIES


def _own(statements: list[str]) -> int:
    reads = (statement.lstrip("(") for statement in statements)
    return sum(statement.startswith("SELECT") and "set_config" not in statement for statement in reads)


def _check_envelope(name: str, answer: dict[str, Any]) -> None:
    total = answer["total"]
    assert (answer["is_total_exact"], answer["page"], answer["items_per_page"]) == (True, 1, 25), name
    assert (len(answer["data"]), answer["pages"]) == (min(total, 25), -(-total // 25)), name


def test_every_filter_has_a_value_of_its_own() -> None:
    """API-1: a list that is asked for nothing in particular takes all of its filters' defaults."""
    for name, listing in LISTS.items():
        filters = listing.filters(data={})
        assert filters.is_valid(), (name, filters.errors)
        assert {f"filter[{field}]" for field in filters.fields} <= set(listing.parameters()), name


@pytest.fixture
def products() -> Callable[..., Any]:
    """Return what asks for the products of an organization that has seven."""
    owner = make_person()
    organization = make_tenant(owner)
    make_many_products(organization, 7, plan=make_plan(), begin=date(2026, 1, 15))
    client = token_client(owner, "products:read")

    def ask(**query: Any) -> Any:
        return client.get(f"/api/1/organizations/{organization.pk}/products", query)

    return ask


def test_refuses_with_what_is_allowed(products: Callable[..., Any]) -> None:
    """API-4: names and values, all of them at once."""
    wrong = {"colour": "red", "order_by": "price", "filter[status]": "blue", "page": "0", "return": "x"}
    answer = products(**wrong)
    assert answer.status_code == 422
    context = answer.json()["error"]["context"]
    assert set(context["fields"]) == set(wrong)
    assert "filter[status]" in context["allowed"]["parameters"]
    assert context["allowed"]["order_by"] == ["expires_on", "name", "status"]
    assert "active" in context["allowed"]["filter[status]"]


def test_a_page_is_named_once(products: Callable[..., Any]) -> None:
    """API-4: a number beside a cursor, or two cursors, would leave one of them unheard."""
    cursor = products(per_page=3).json()["next"]
    for second, first in (("after", "page"), ("before", "page"), ("before", "after")):
        answer = products(**{first: "1" if first == "page" else cursor, second: cursor})
        assert answer.status_code == 422
        assert list(answer.json()["error"]["context"]["fields"]) == [second]
    assert products(page=1, after="", before="").status_code == 200


def test_pages_by_number_meet_the_pages_by_cursor(products: Callable[..., Any]) -> None:
    """API-1: from either end, over the middle."""
    whole = [row["id"] for row in products(per_page=100).json()["data"]]
    by_number: list[int] = []
    by_cursor: list[int] = []
    place: dict[str, str] = {}
    for number in (1, 2, 3):
        page = products(page=number, per_page=3).json()
        assert (page["total"], page["is_total_exact"], page["pages"]) == (7, True, 3)
        following = products(per_page=3, **place).json()
        assert (page["next"], page["previous"]) == (following["next"], following["previous"])
        by_number += [row["id"] for row in page["data"]]
        by_cursor += [row["id"] for row in following["data"]]
        place = {"after": following["next"]}
    assert by_number == by_cursor == whole
    assert products(page=99).json()["data"] == []
    alone = products(**{"return": "total"}).json()
    assert (alone["data"], alone["total"]) == ([], 7)
