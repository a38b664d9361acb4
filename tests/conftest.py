"""Fixtures of the whole suite; what each one starts is in tests/fixtures/."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes depends on the machine, and no test on that.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

pytest_plugins = [
    "tests.fixtures.database",
    "tests.fixtures.http",
    "tests.fixtures.processes",
    "tests.fixtures.sandbox",
    "tests.fixtures.browser",
    "tests.fixtures.registers",
]

HERE = Path(__file__).parent
BROWSER = HERE / "browser"
# Folders with the longest tests, which begin first: none of them is left to one worker alone at the end.
LONG = ("hostile", "isolation", "api", "scenarios", "faults", "browser", "demo")
# Folders whose tests are shared test by test, as each is as long as a whole file elsewhere.
SHARED = ("tests/hostile/", "tests/isolation/", "tests/scenarios/test_money.py", "tests/api/test_examples.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long tests first; mark what lies in tests/browser/, so that `-m "not browser"` leaves them."""
    items.sort(key=_turn)
    for item in items:
        if BROWSER in item.path.parents:
            item.add_marker(pytest.mark.browser)


def _turn(item: pytest.Item) -> int:
    folder = item.path.relative_to(HERE).parts[0] if HERE in item.path.parents else ""
    return LONG.index(folder) if folder in LONG else len(LONG)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Share the tests among parallel workers file by file, and the long ones test by test."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class LongFirst(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return nodeid if nodeid.startswith(SHARED) else super()._split_scope(nodeid)

    # Else the files with the most tests would begin, and those with few long ones end.
    config.option.loadscopereorder = False
    return LongFirst(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop() -> Iterator[None]:
    """Spare the garbage collector what is there to stay: models, templates, the tests themselves."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    return (yield)
