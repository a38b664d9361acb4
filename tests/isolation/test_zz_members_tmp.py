import pytest
from contextlib import nullcontext
import tests.isolation.access_objects, tests.isolation.billing_objects
from tests.isolation.expectations import *
from tests.isolation.matrix import *
from tests.isolation.world import build_world
pytestmark = pytest.mark.usefixtures("quiet", "psp")
P=[n for n in PAGES if any(w in n for w in ("invit","members","member","topics","factor","switch","leave")) and n.startswith("organizations:") and "team" not in n]
O=["members","member","leave","invitations","invitation","resend_invitation","second_factor_policy"]
@pytest.fixture(autouse=True)
def unlimited(settings):
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
@pytest.mark.parametrize("mode",["as","off"])
def test_pages(mode, superuser_connection):
    world, report = build_world(), Report()
    player = Player(world, superuser_connection, report)
    routes = {route.name: route for route in walk_routes()}
    with orm_filter_switched_off() if mode!="as" else nullcontext():
        for name in P: player.play(routes[name], PAGES[name])
    report.close("mine")
@pytest.mark.parametrize("mode",["as","off"])
def test_ops(mode, superuser_connection):
    world, report = build_world(), Report()
    player = OperationPlayer(world, superuser_connection, report)
    routes = {route.name: route for route in walk_routes()}
    with orm_filter_switched_off() if mode!="as" else nullcontext():
        for name in O:
            player.play(routes[f"api-1:{name}"], {m: r[0] for m,r in OPERATIONS[name].items()})
    report.close("mine")
