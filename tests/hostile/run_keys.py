"""A run, for the routes of the staff who follow them."""

from typing import Any

from billing.runs.models import RunKind
from billing.runs.services import start_run
from tests.factories.billing import AT


def _run(*_: Any) -> int:
    return start_run(kind=RunKind.PLANNING, total=None, at=AT).pk


KEYS: dict[tuple[str, str], Any] = {("billing:staff_run", "run_id"): _run}
