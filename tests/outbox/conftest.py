"""A wiring of the tests' own, put back afterwards."""

import copy
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from manager import wiring
from manager.outbox import registry


@pytest.fixture
def wire() -> Iterator[object]:
    """Return a function that installs a wiring for this test."""
    yield registry.install
    registry.install(wiring.HANDLERS)


@pytest.fixture
def mail_template(settings: Settings, tmp_path: Path) -> None:
    """Give the tests' handlers a template to render."""
    folder = tmp_path / "emails" / "test"
    folder.mkdir(parents=True)
    (folder / "subject.txt").write_text("Subject {{ word }}")
    (folder / "body.txt").write_text("Text {{ word }}")
    (folder / "body.html").write_text("<p>Text {{ word }}</p>")
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [tmp_path, *templates[0]["DIRS"]]
    settings.TEMPLATES = templates
