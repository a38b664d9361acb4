"""Support is walked through every page of an organization: only what its access allows answers (ORG-15)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from organizations.support.visits import permissions_by
from tests.factories.support import support_client
from tests.isolation.expectations import PAGES
from tests.isolation.matrix import METHODS, Route, Target, body_of, is_let_in, walk_routes
from tests.isolation.world import World, build_world

# What is open with each access; everything that is not named here is closed.
VISIBLE = {
    "shell:home",
    "shell:search",
    "shell:products_menu",
    "organizations:logo",
    "products:list",
    "products:family",
    "products:tags",
}
SEEN_OF_MAIL = {"products:mailboxes", "products:mailbox", "products:mail_routes"}
SEEN_OF_DOMAINS = {
    "products:dns_zone",
    "products:dns_export",
    "products:dns_history",
    "products:dns_version",
    "products:domain_contacts",
    "products:domain_contact",
    "products:domain_name_servers",
    "products:domain_transfer",
    "products:dyndns",
}
SEEN_BY_ACCOUNT = {
    "organizations:members",
    "organizations:teams",
    "organizations:team",
    "organizations:audit",
    "organizations:audit_event",
    "organizations:export_audit",
    "organizations:check_audit",
    "products:product",
}
OPEN: dict[str, set[tuple[str, str]]] = {
    "mail": {("GET", name) for name in VISIBLE | SEEN_OF_MAIL},
    "account": {("GET", name) for name in VISIBLE | SEEN_BY_ACCOUNT | SEEN_OF_MAIL | SEEN_OF_DOMAINS},
}
ROUTES = [route for route in walk_routes() if "organization_id" in route.parameters]
# Pages of the person: of the staff's own account, never of the customer's.
NEVER = ("billing:", "accounts:")


def send(world: World, client: Client, method: str, route: Route) -> Any:
    """Send a request with the organization's own objects."""
    values = Target(world, route, world.own, world.own).values()
    path = route.address(values)
    if method in {"GET", "POST"}:
        return getattr(client, method.lower())(path, body_of(route, values))
    return client.generic(method, path)


@pytest.mark.parametrize("kinds", [("mail",), ("account",), ("mail", "files", "chat", "account")])
def test_opens_only_what_is_expected(kinds: tuple[str, ...]) -> None:
    """ORG-15, ORG-17: no factor, no money, no token, no member, no order."""
    world = build_world()
    client = support_client(world.own, kinds)
    client.raise_request_exception = False
    expected = set().union(*(OPEN.get(kind, OPEN["mail"]) for kind in kinds))
    opened, wrong = set(), []
    for route in ROUTES:
        for method in METHODS:
            answer = send(world, client, method, route)
            if is_let_in(answer):
                opened.add((method, route.name))
            elif answer.status_code not in {403, 404, 405}:
                wrong.append((method, route.name, answer.status_code))
    assert not wrong
    assert opened == expected
    assert len(ROUTES) > 90
    assert not any(name.startswith(NEVER) for _, name in opened)


def test_walks_every_page() -> None:
    """The walk and the table of the matrix know the same pages."""
    assert {route.name for route in ROUTES} == set(PAGES)


def test_never_holds_a_right_of_who_leads() -> None:
    """With every access at once."""
    every = permissions_by(("mail", "files", "chat", "account"))
    assert {str(right) for right in every} == {
        "organization:view",
        "members:view",
        "audit:view",
        "products:view",
        "products:manage",
    }


def test_leaves_the_account_of_the_customer_alone() -> None:
    """Pages of a person are those of who is signed in: the staff's own."""
    world = build_world()
    client = support_client(world.own, ["mail", "account"])
    owner = world.people["LR+"]
    for name in ("accounts:security", "accounts:tokens", "accounts:profile"):
        assert owner.email not in client.get(reverse(name)).content.decode(), name
