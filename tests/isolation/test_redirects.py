"""A walk over all pages: none leads out of the panel, whatever `next` says (INC-21)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.factories.elsewhere import ELSEWHERE
from tests.isolation.matrix import Report, Route, Target, walk_routes
from tests.isolation.world import World, build_world

pytestmark = pytest.mark.usefixtures("quiet")

CANARY = "/profile/?canary"
# What the walk must find, or it would look at nothing.
KNOWN = {"accounts:sign_in", "organizations:register", "shell:theme", "shell:language"}
Ask = Callable[[str], Any]


def test_no_page_leads_elsewhere() -> None:
    """INC-21: where a page follows a canary, each of sixty payloads is tried, as visitor and as member."""
    world, report = build_world(), Report()
    leads_on = set()
    for route in walk_routes():
        if route.name.startswith("api"):
            continue
        for who, ask in _ways(world, route):
            if ask(CANARY).get("Location", "") != CANARY:
                report.judge(_stays(ask("https://evil.example/")), f"{who} {route.name}")
                continue
            leads_on.add(route.name)
            for elsewhere in ELSEWHERE:
                report.judge(_stays(ask(elsewhere)), f"{who} {route.name} {elsewhere!r}")
    assert leads_on >= KNOWN
    report.close("redirects")


def _ways(world: World, route: Route) -> Iterator[tuple[str, Ask]]:
    path = route.address(_values(world, route))
    for who in ("anonymous", "LR+"):
        yield who, lambda to, who=who: world.client(who).get(path, {"next": to})
        yield who, lambda to, who=who: world.client(who).post(path, {"next": to}, query_params={"next": to})
        if route.name == "accounts:sign_out":
            world.clients.pop(who, None)


def _stays(answer: Any) -> bool:
    """Return whether the answer leads nowhere, or to a path of the panel."""
    location = answer.get("Location", "")
    return not location or (location.startswith("/") and location[1:2] not in {"/", "\\"})


def _values(world: World, route: Route) -> dict[str, Any]:
    if not route.parameters:
        return {}
    if {"organization_id", "organization"} & set(route.parameters):
        return Target(world, route, world.own, world.own).values()
    return dict.fromkeys(route.parameters, 2**31 - 7 if route.numbers else "made-up")
