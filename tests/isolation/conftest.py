"""Fixtures of the isolation matrix."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def quiet() -> Iterator[None]:
    """Keep the thousands of expected refusals out of the log; a mistake of ours still shows."""
    logger = logging.getLogger("django.request")
    before = logger.level
    logger.setLevel(logging.ERROR)
    yield
    logger.setLevel(before)


@pytest.fixture
def unlimited(settings: Any) -> None:
    """Let one token send more than 60 requests a minute."""
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
