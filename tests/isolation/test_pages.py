"""The isolation matrix of pages (ORG-17, INC-1 to INC-5): 0 leaks, with the ORM's filter and without."""

from contextlib import nullcontext

import psycopg
import pytest

from tests.isolation.expectations import OPERATIONS, OWN_OPERATIONS, PAGES, PERSONAL, PUBLIC, STAFF
from tests.isolation.matrix import Player, Report, orm_filter_switched_off, walk_routes
from tests.isolation.world import build_world

pytestmark = pytest.mark.usefixtures("quiet", "psp")
APPS = sorted({name.partition(":")[0] for name in PAGES})
MODES = ["as it is", "with row-level security alone"]


def test_every_route_has_an_expectation():
    """A new route without a line in expectations.py fails."""
    known = {*PAGES, *PERSONAL, *PUBLIC, *STAFF}
    known |= {f"{space}:{name}" for space in ("api", "api-1") for name in {**OPERATIONS, **OWN_OPERATIONS}}
    routes = {route.name for route in walk_routes()}
    assert sorted(routes - known) == []
    assert sorted(known - routes) == []


@pytest.mark.parametrize("app", APPS)
@pytest.mark.parametrize("mode", MODES)
def test_pages_of_organizations_leak_nothing(app, mode, superuser_connection: psycopg.Connection):
    """ORG-17"""
    world, report = build_world(), Report()
    alone = mode != "as it is"
    player = Player(world, superuser_connection, report, in_turn=alone)
    routes = {route.name: route for route in walk_routes()}
    with orm_filter_switched_off() if alone else nullcontext():
        for name, line in PAGES.items():
            if name.startswith(f"{app}:"):
                player.play(routes[name], line)
    report.close(f"{app}, {mode}", at_least=50)
