"""Lists of products of small and big organizations beside a floor, in interleaved rounds over HTTP (UI-2).

`make bench` runs it. What is compared are ratios within one run. `floor` is the smallest list that this
framework can make (served/bare_urls.py: a token, 25 rows of the same table, two queries), on a server like
the panel's own. Computing time of the workers a request stands beside each.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as django_settings

from organizations.profile.models import Organization
from tests.benchmarks.served.rounds import Asked, compare
from tests.benchmarks.served.servers import Server, collect_static, serve
from tests.factories.cast import client_of, make_person, make_tenant
from tests.factories.products import make_many_products, make_plan
from tests.factories.tokens import make_api_token

REQUESTS = 40
REQUESTS_OF_A_SEARCH = 8
MOST_OF_FLOOR = 3.0
MOST_OF_SMALL = 1.5
MOST_OF_PLAIN = 2.5
PAGES = {
    "by name": "?sort=name",
    "by name, falling": "?sort=-name",
    "by status": "?sort=status",
    "by status, falling": "?sort=-status",
    "last page": "?sort=-expires_on",
    "of a kind": "?kind=hosting",
    "active": "?status=active",
    "suspended": "?status=suspended",
    "expiring soon": "?expires=60",
    "renewing": "?renewal=on",
    "part of many names": "?q=99",
    "part of 1,000 names": "?q=site-99",
    "part of one name": "?q=-98765",
    "part of no name": "?q=zzz",
    "part, by name": "?q=site-99&sort=name",
    "frequent, the last by name": "?q=site-9&sort=name",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """The panel and the bare server, two organizations of one person, and what lets this person in."""

    panel: Server
    bare: Server
    small: Organization
    big: Organization
    cookie: dict[str, str]
    token: dict[str, str]


@pytest.fixture
def stage(superuser_connection: psycopg.Connection, tmp_path: Path) -> Iterator[Stage]:
    """Serve 100 and 100,000 products."""
    owner = make_person()
    small, big = make_tenant(owner, name="Small"), make_tenant(owner, name="Big")
    plan = make_plan()
    make_many_products(small, 100, plan=plan, begin=date(2026, 1, 15))
    make_many_products(big, 100_000, plan=plan, begin=date(2026, 1, 15))
    # Commits of the tests are on disk later: before, no page is marked as one that everybody sees all of.
    superuser_connection.execute("checkpoint")
    superuser_connection.execute("vacuum analyze products_product, products_searchpart")
    session = client_of(owner).cookies[django_settings.SESSION_COOKIE_NAME].value
    _token, secret = make_api_token(owner, scopes=("products:read",))
    collect_static("tests.benchmarks.served.settings")
    with (
        serve("tests.benchmarks.served.settings", tmp_path) as panel,
        serve("tests.benchmarks.served.bare_settings", tmp_path) as bare,
    ):
        cookie, token = {"Cookie": f"__Host-session={session}"}, {"Authorization": f"Bearer {secret}"}
        yield Stage(panel, bare, small, big, cookie, token)


def test_pages_beside_the_floor(stage: Stage, record_property: Callable[[str, object], None]) -> None:
    """UI-2: the whole page at most 3 times the floor, each search and order 2.5 times the plain page."""
    big = f"/o/{stage.big.pk}/products/"
    asked = {
        "floor": Asked(stage.bare, f"/floor/{stage.big.pk}/", stage.token, REQUESTS),
        "plain": Asked(stage.panel, big, stage.cookie, REQUESTS),
        "small": Asked(stage.panel, f"/o/{stage.small.pk}/products/", stage.cookie, REQUESTS),
        **{
            name: Asked(stage.panel, big + query, stage.cookie, REQUESTS_OF_A_SEARCH)
            for name, query in PAGES.items()
        },
    }
    most = {("plain", "floor"): MOST_OF_FLOOR, ("plain", "small"): MOST_OF_SMALL}
    most |= {(name, "plain"): MOST_OF_PLAIN for name in PAGES}
    ratios = compare(asked, list(most), record_property)
    too_slow = {pair for pair, ratio in ratios.items() if ratio > most[pair]}
    assert not too_slow
