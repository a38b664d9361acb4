"""Hostile keys and numbers in addresses, and hostile queries."""

from collections.abc import Iterator

import pytest

from tests.hostile.keys import STEPS
from tests.hostile.payloads import JSON, ORDINARY_NAMES, QUERIES, SEGMENTS, share
from tests.hostile.sender import Sender
from tests.isolation.expectations import (
    MISSING_IS_DONE,
    OPERATIONS,
    OWN_OPERATIONS,
    PAGES,
    PERSONAL,
    PUBLIC,
    STAFF,
)
from tests.isolation.matrix import Route

PARTS = 4  # so that several workers share them
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
UNKNOWN_METHODS = ("TRACE", "CONNECT", "PROPFIND", "GET\r\nX: y", "x" * 1000)
LINES = {**PAGES, **PERSONAL, **PUBLIC, **{name: line["methods"] for name, line in STAFF.items()}}
# Refused nowhere: what is missing from a cart is gone; address 0 is the organization's own.
ALWAYS_DONE = frozenset(
    {*MISSING_IS_DONE, "billing:default_billing_address", "api-1:default_billing_address"}
)
# What is a matter of each operation's own document, not of the general list.
FILTERS = (
    "after", "before", "limit", "search", "q", "status", "family", "kind", "until", "show", "address", "sort",
    "role", "name", "since", "actor", "expires", "renewal", "invoice", "product", "selected", "with",
    "format",
)  # fmt: skip


def is_operation(route: Route) -> bool:
    """Return whether the route is of the numbered API."""
    return route.name.startswith("api-1:")


def routes_of(sender: Sender) -> list[Route]:
    """Return every route once: the API without a number has the same views."""
    return [route for route in sender.routes.values() if not route.name.startswith("api:")]


def methods_of(route: Route) -> set[str]:
    """Return the methods that the route has."""
    line = LINES.get(route.name) or {**OPERATIONS, **OWN_OPERATIONS}[route.name.partition(":")[2]]
    return set(line)


def lists_of(sender: Sender) -> Iterator[tuple[Route, list[str]]]:
    """Yield each route that can be filtered, with the names of its filters."""
    sender.discover()
    document = sender.send("GET", "/api/openapi.json").json()["paths"]
    for route in routes_of(sender):
        names = set(sender.queries.get(route.name, ()))
        if is_operation(route):
            operation = next(v for k, v in document.items() if sender.resolves(k, route)).get("get", {})
            names = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"}
        elif names:
            names |= {"after", "before", "sort"}
        if "GET" in methods_of(route) and names:
            yield route, sorted(names)


def ask(
    sender: Sender, route: Route, method: str, path: str, *, query: str = "", refused: bool = False
) -> None:
    """Send one request and judge the answer."""
    case = f"{method[:20]!r} {route.name} {path[:80]} {query[:80]}"
    if is_operation(route):
        answer = sender.call(method, path, b"{}" if method != "GET" else b"", JSON, query=query)
        sender.judge_operation(answer, case, refused=refused)
        return
    who = STEPS.get(route.name, "LR+" if route.name not in PUBLIC else "anonymous")
    sender.judge(sender.send(method, path, who=who, query=query), case, refused=refused)


@pytest.mark.parametrize("part", range(PARTS))
def test_addresses_name_what_there_is_or_nothing(sender: Sender, part: int) -> None:
    """INC-1: a number out of every range, half a character, a path: a missing object."""
    for turn, route in enumerate(routes_of(sender)[part::PARTS]):
        values = sender.values(route) if route.parameters else {}
        for position, name in enumerate(route.parameters):
            for segment in share(SEGMENTS, turn + position, 3):
                if segment == "current" and name == "organization":
                    continue
                path = route.address({**values, name: segment})
                for method in methods_of(route):
                    ask(
                        sender,
                        route,
                        method,
                        path,
                        refused=name in route.numbers and route.name not in ALWAYS_DONE,
                    )
    sender.report.close(f"addresses, part {part + 1} of {PARTS}", at_least=400)


@pytest.mark.parametrize("half", [0, 1])
def test_queries_are_answered_or_refused(sender: Sender, half: int) -> None:
    """INC-34: names to sort and filter by, pages and cursors."""
    reading = [route for route in routes_of(sender) if "GET" in methods_of(route)]
    for turn, route in enumerate(reading[half::2]):
        path = sender.path(route)
        for value in share(QUERIES, turn, 16):
            names = {*ORDINARY_NAMES, *FILTERS}
            ask(sender, route, "GET", path, query="&".join(f"{name}={value}" for name in sorted(names)))
        ask(sender, route, "GET", path, query="&".join(["q=a"] * 5000))
        ask(sender, route, "GET", path, query="%zz&&==&%00=%00&\u00ff=1&a[]=1&a[]=2")
    sender.report.close(f"queries, part {half + 1}", at_least=500)


def test_filters_one_by_one(sender: Sender) -> None:
    """INC-34: on every list of the panel and the API, each filter alone."""
    for turn, (route, names) in enumerate(lists_of(sender)):
        path = sender.path(route)
        for position, name in enumerate(names):
            for value in share(QUERIES, turn + position, 12):
                ask(sender, route, "GET", path, query=f"{name}={value}")
            ask(sender, route, "GET", path, query=f"{name}=a&{name}=b&{name}[]=c")
    sender.report.close("filters", at_least=500)


def test_methods_that_a_route_does_not_have(sender: Sender) -> None:
    """405 with the methods that there are."""
    for route in routes_of(sender):
        path, mine = sender.path(route), methods_of(route)
        who = STEPS.get(route.name, "LR+" if route.name not in PUBLIC else "anonymous")
        for method in {*METHODS, *UNKNOWN_METHODS} - mine:
            if is_operation(route):
                answer = sender.call(method, path, b"{}", JSON)
            else:
                answer = sender.send(method, path, b"a=b", "text/plain", who=who)
            case = f"{method[:20]!r} {route.name}"
            sender.report.judge(answer.status_code == 405, f"{case}: {answer.status_code}, not 405")
            if answer.status_code == 405:
                named = set(answer.headers.get("Allow", "").replace(" ", "").split(","))
                sender.report.judge(mine <= named, f"{case}: Allow says {sorted(named)}, not {sorted(mine)}")
        if "GET" in mine and not is_operation(route):
            same = (
                sender.send("HEAD", path, who=who).status_code
                == sender.send("GET", path, who=who).status_code
            )
            sender.report.judge(same, f"HEAD {route.name}: not as GET")
    sender.report.close("methods", at_least=300)
