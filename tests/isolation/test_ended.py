"""What was granted to a member opens nothing any more once the grant has ended (ORG-13, ORG-17)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import psycopg
import pytest

from accounts.users.models import User
from organizations.access.roles import Role
from organizations.grants.rules import Target as Granted
from products.inventory.models import Product
from tests.factories.access import give, make_team
from tests.factories.cast import AT, make_member
from tests.factories.products import make_product
from tests.isolation.expectations import OPERATIONS, PAGES
from tests.isolation.matrix import (
    OperationPlayer,
    Player,
    Report,
    Route,
    Target,
    holders,
    is_let_in,
    plain,
    walk_routes,
)
from tests.isolation.world import GRANTED_FAMILY, MISSING_ID, World, build_world, plan_of

pytestmark = pytest.mark.usefixtures("quiet", "psp", "unlimited")
WHO, SECRET = "past", "lanthanum"


@pytest.mark.parametrize("holder", ["member", "team"])
def test_a_grant_that_has_ended_opens_no_product(
    holder: str, superuser_connection: psycopg.Connection
) -> None:
    """ORG-13: the product is a missing one, and no page or operation names it."""
    world, report = build_world(), Report()
    user = world.people[WHO] = make_member(world.own, Role.EXTERNAL, name="Past Guest")
    product = make_product(world.own, plan=plan_of(GRANTED_FAMILY), name=f"{SECRET}.example")
    grant_to(world, user, holder, product, ends_at=AT + timedelta(days=1))
    pages = Player(world, superuser_connection, report)
    operations = OperationPlayer(world, superuser_connection, report)
    for player, route, method in _open_to_external_people(pages, operations):
        values = Target(world, route, world.own, world.own).values(fresh=method != "GET")
        found, missing = (
            plain(*player.send(WHO, method, route, {**values, "product_id": pk}))
            for pk in (product.pk, MISSING_ID)
        )
        case = f"{method} {route.name}: {found[0]}, missing: {missing[0]}"
        report.judge(SECRET not in found[1].lower(), f"{case}, names it")
        if "product_id" in route.parameters:
            report.judge(found == missing and found[0] == 404, case)
    report.close(f"ended grants of a {holder}", at_least=25)

    grant_to(world, user, holder, product)
    route = next(route for route in walk_routes() if route.name == "products:product")
    answer, _ = pages.send(WHO, "GET", route, {"organization_id": world.own.pk, "product_id": product.pk})
    assert is_let_in(answer), "a grant that lives opens it, or nothing was tried"


def grant_to(
    world: World, user: User, holder: str, product: Product, ends_at: datetime | None = None
) -> None:
    """Grant the product and its family to the member, or to a new team of the member."""
    to = user if holder == "member" else make_team(world.own, f"Team until {ends_at}", members=[user])
    targets = Granted(product_id=product.pk), Granted(family=GRANTED_FAMILY)
    give(world.own, to, *targets, level="manage", ends_at=ends_at)


def _open_to_external_people(pages: Player, operations: Player) -> Iterator[tuple[Player, Route, str]]:
    lines = {**PAGES}
    lines |= {
        f"api-1:{name}": {m: right for m, (right, _) in line.items()} for name, line in OPERATIONS.items()
    }
    for route in walk_routes():
        for method, right in lines.get(route.name, {}).items():
            if "E" in holders(right) and not route.name.endswith(":leave"):
                yield (operations if route.name.startswith("api-1:") else pages), route, method
