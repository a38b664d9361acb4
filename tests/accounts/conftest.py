"""What the tests of people share."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine


@pytest.fixture
def time_machine_at() -> Callable[..., AbstractContextManager[object]]:
    """Return a context manager that moves the clock by the given time."""

    def moved(**by: int) -> AbstractContextManager[object]:
        return time_machine.travel(datetime.now(UTC) + timedelta(**by), tick=True)

    return moved
