"""Loaded before everything else (`-p tests.environment`): services and variables for the settings.

The process that starts the tests starts PostgreSQL and Valkey under DATA_DIR/test and takes a slot there, so
that several runs can share them; the last one to end stops them. A killed run leaves nothing in the way: the
kernel gives its slot back. With TEST_WITHOUT_SERVICES=1 nothing is started, for tests that need no database.
"""

import fcntl
import os
import sys
from collections.abc import Generator
from io import TextIOWrapper
from pathlib import Path

import pytest

from manager.demo.services import Services
from manager.demo.services.state import exclusive, find_free_port
from manager.shell.languages.catalogues import compile_catalogues
from tests.database import TestDatabase, ensure_template

# The suite starts many processes; without this each would compile all that it imports.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

ROOT = Path(__file__).resolve().parent.parent
SLOTS = 8
# Valkey has 64 numbered databases: eight for each slot.
PER_SLOT = 8

_held: list[TextIOWrapper] = []


def find_test_dir() -> Path:
    """Return the folder of the suite's services and files: DATA_DIR/test, `.local/test` by default."""
    given = os.environ.get("TEST_DATA_DIR")
    return Path(given) if given else (ROOT / os.environ.get("DATA_DIR", ".local") / "test").resolve()


def find_services() -> Services:
    """Return the suite's services; with DURABLE=1 the database writes to the disk as an operator's does."""
    return Services(find_test_dir(), volatile=os.environ.get("DURABLE") != "1")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the switch of `make bench`."""
    parser.addoption("--run-benchmarks", action="store_true", help="collect tests/benchmarks, too")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the benchmarks out of the suite: what they measure would be the tests beside them."""
    if collection_path == ROOT / "tests" / "benchmarks" and not config.getoption("--run-benchmarks"):
        return True
    return None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Start the services and set the variables before pytest-django reads the settings."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        compile_catalogues()
    if without_services():
        return (yield)
    services = find_services()
    if "PYTEST_XDIST_WORKER" not in os.environ:
        os.environ["TEST_DATA_DIR"] = str(services.data_dir)
        os.environ["TEST_SLOT"] = str(_take_slot(services.data_dir))
        early_config.add_cleanup(lambda: _leave(services))
        services.start(reuse=True, dies_with_parent=False)
    _set_variables(services)
    if "PYTEST_XDIST_WORKER" not in os.environ:
        with exclusive(services.data_dir):
            os.environ["TEST_TEMPLATE"] = ensure_template(services)
    return (yield)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Make the database of this process; the controller of parallel runs needs none."""
    if not without_services() and not _is_controller_of_others(session.config):
        services = find_services()
        with exclusive(services.data_dir):
            TestDatabase(services, own_number()).create()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Drop the database of this process."""
    if not without_services() and not _is_controller_of_others(session.config):
        TestDatabase(find_services(), own_number()).drop()


def _leave(services: Services) -> None:
    """Give the slot back; whoever leaves last stops the services."""
    while _held:
        _held.pop().close()
    if others := _lock_all(services.data_dir):
        services.stop()
        for handle in others:
            handle.close()


def without_services() -> bool:
    """Tell whether this run is to start nothing."""
    return os.environ.get("TEST_WITHOUT_SERVICES") == "1"


def own_number() -> int:
    """Return the number of this process among all that use the services: slot and parallel worker."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return int(os.environ["TEST_SLOT"]) * PER_SLOT + int(worker) % PER_SLOT


def _is_controller_of_others(config: pytest.Config) -> bool:
    return not hasattr(config, "workerinput") and bool(config.getoption("numprocesses", None))


def _set_variables(services: Services) -> None:
    number = own_number()
    files = services.data_dir / f"files-{number}"
    files.mkdir(parents=True, exist_ok=True)
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("REDIS_URL", None)
    os.environ.update(services.environment())
    os.environ.update(
        DJANGO_SETTINGS_MODULE="manager.settings.test",
        DATABASE_URL=services.postgres.url("manager_owner", TestDatabase(services, number).name),
        REDIS_URL=services.valkey.url(number),
        DATA_DIR=str(files),
        PUBLIC_BASE_URL=f"http://127.0.0.1:{find_free_port()}",
        STRIPE_API_KEY="sk_test_sandbox",
        STRIPE_WEBHOOK_SECRET="whsec_sandbox",
        STRIPE_API_BASE=f"http://127.0.0.1:{find_free_port()}",
        # Playwright keeps an event loop in the main thread, where tests use the ORM as well.
        DJANGO_ALLOW_ASYNC_UNSAFE="true",
    )


def _take_slot(data_dir: Path) -> int:
    data_dir.mkdir(parents=True, exist_ok=True)
    for slot in range(SLOTS):
        if handle := _lock(data_dir, slot):
            _held.append(handle)
            return slot
    raise pytest.UsageError(f"{SLOTS} test runs use {data_dir} already; set another DATA_DIR.")


def _lock(data_dir: Path, slot: int) -> TextIOWrapper | None:
    handle = (data_dir / f"slot-{slot}.lock").open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    return handle


def _lock_all(data_dir: Path) -> list[TextIOWrapper]:
    handles: list[TextIOWrapper] = []
    for slot in range(SLOTS):
        if not (handle := _lock(data_dir, slot)):
            for taken in handles:
                taken.close()
            return []
        handles.append(handle)
    return handles
