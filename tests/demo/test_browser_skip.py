"""Browser tests that cannot run are never silent: a loud line at the end, or a failure where asked for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ONE = "tests/demo/test_fixtures.py::test_page_shows_the_panel"


def run_without_chromium(**variables: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", ONE],
        cwd=ROOT,
        env={
            **{
                name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "TEST_"))
            },
            "TEST_WITHOUT_SERVICES": "1",
            "CHROMIUM": "no-such-browser",
            **variables,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_says_loudly_that_they_were_skipped() -> None:
    done = run_without_chromium(REQUIRE_BROWSER="0")
    assert done.returncode == 0
    assert "1 BROWSER TESTS DID NOT RUN" in done.stdout
    assert "1 skipped" in done.stdout.splitlines()[-1]


def test_fails_where_a_browser_is_required() -> None:
    done = run_without_chromium(REQUIRE_BROWSER="1")
    assert done.returncode == 1
    assert "no Chromium was found" in done.stdout


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_finds_the_browser_by_its_usual_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    from tests.fixtures.browser import find_chromium

    program = tmp_path / name
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    assert find_chromium() == str(program)
