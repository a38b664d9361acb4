"""The page on isolation says what is tried, and nothing else."""

import psycopg
import pytest

from tests.isolation.expectations import PAGES
from tests.isolation.matrix import Player, Report, walk_routes
from tests.isolation.report import FILE, count_cases, write
from tests.isolation.world import build_world


def test_the_page_is_up_to_date() -> None:
    """A changed expectation is told: `make isolation-report`."""
    assert FILE.read_text(encoding="utf-8") == write()


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("name", ["organizations:members", "organizations:end_grant"])
def test_the_numbers_are_those_of_the_matrix(name: str, superuser_connection: psycopg.Connection) -> None:
    """Counted from the tables as it plays them, besides three looks at all rows."""
    route = next(route for route in walk_routes() if route.name == name)
    report = Report()
    Player(build_world(), superuser_connection, report).play(route, PAGES[name])
    assert report.problems == []
    assert report.cases == count_cases(route, PAGES[name]).total() + 3
