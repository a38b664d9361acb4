"""The processes that tests can have beside them."""

import urllib.request
from pathlib import Path

from playwright.sync_api import Page

from tests.fixtures.http import Site
from tests.fixtures.processes import Sandbox, Worker


class TestSandbox:
    def test_answers_at_the_address_of_the_settings(self, psp: Sandbox) -> None:
        assert psp.journal() == []

    def test_starts_again_after_a_crash(self, psp: Sandbox) -> None:
        psp.kill()
        psp.start()
        assert psp.journal() == []


def test_site_answers_at_the_public_address(site: Site) -> None:
    with urllib.request.urlopen(site.address("/health/"), timeout=60) as answer:
        assert answer.status == 200


def test_worker_starts_again_after_a_crash(worker: Worker) -> None:
    first = worker.process
    assert first is not None
    worker.kill()
    worker.start()
    assert worker.process is not None
    assert worker.process.pid != first.pid
    assert not Path(f"/proc/{first.pid}").exists()


def test_page_shows_the_panel(page: Page, site: Site) -> None:
    answer = page.goto("/health/")
    assert answer is not None
    assert answer.ok
