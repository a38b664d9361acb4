"""Fixtures of the whole suite; what each one starts is in tests/fixtures/."""

from pathlib import Path

import pytest

pytest_plugins = [
    "tests.fixtures.database",
    "tests.fixtures.http",
    "tests.fixtures.processes",
    "tests.fixtures.sandbox",
    "tests.fixtures.browser",
]

BROWSER = Path(__file__).parent / "browser"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies in tests/browser/, so that `-m "not browser"` leaves it out."""
    for item in items:
        if BROWSER in item.path.parents:
            item.add_marker(pytest.mark.browser)
