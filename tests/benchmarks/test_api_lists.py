"""The list of products over REST beside a floor, in interleaved rounds over HTTP (API-1).

`make bench` runs it. `floor` and the servers are those of test_product_lists.py: a bare list of 25 rows of
the same table, asked for with the same token.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg
import pytest

from organizations.profile.models import Organization
from tests.benchmarks.served.rounds import Asked, compare
from tests.benchmarks.served.servers import Server, serve
from tests.factories.cast import make_person, make_tenant
from tests.factories.products import make_many_products, make_plan
from tests.factories.tokens import make_api_token

REQUESTS = 40
MOST_OF_FLOOR = 1.7
MOST_OF_SMALL = 1.15
MOST_OF_FIRST = 1.2


@dataclass(frozen=True, slots=True)
class Stage:
    """The panel and the bare server, two organizations of one person, and the person's token."""

    panel: Server
    bare: Server
    small: Organization
    big: Organization
    token: dict[str, str]


@pytest.fixture
def stage(superuser_connection: psycopg.Connection, tmp_path: Path) -> Iterator[Stage]:
    """Serve 100 and 100,000 products."""
    owner = make_person()
    small, big = make_tenant(owner, name="Small"), make_tenant(owner, name="Big")
    plan = make_plan()
    make_many_products(small, 100, plan=plan, begin=date(2026, 1, 15))
    make_many_products(big, 100_000, plan=plan, begin=date(2026, 1, 15))
    superuser_connection.execute("vacuum analyze products_product")
    _token, secret = make_api_token(owner, scopes=("products:read",))
    with (
        serve("tests.benchmarks.served.settings", tmp_path) as panel,
        serve("tests.benchmarks.served.bare_settings", tmp_path) as bare,
    ):
        yield Stage(panel, bare, small, big, {"Authorization": f"Bearer {secret}"})


def test_lists_beside_the_floor(stage: Stage, record_property: Callable[[str, object], None]) -> None:
    """API-1: a page at most 1.7 times the floor, alike in small and large organizations, first and last."""

    def asking(server: Server, path: str) -> Asked:
        return Asked(server, path, stage.token, REQUESTS)

    big, small = (f"/api/1/organizations/{one.pk}/products" for one in (stage.big, stage.small))
    asked = {
        "floor": asking(stage.bare, f"/floor/{stage.big.pk}/"),
        "first": asking(stage.panel, big),
        "last": asking(stage.panel, f"{big}?order=desc"),
        "small": asking(stage.panel, small),
    }
    most = {
        ("first", "floor"): MOST_OF_FLOOR,
        ("first", "small"): MOST_OF_SMALL,
        ("last", "first"): MOST_OF_FIRST,
    }
    ratios = compare(asked, list(most), record_property)
    assert not {pair for pair, ratio in ratios.items() if ratio > most[pair]}
