"""Remove the reports of runs after their time."""

from datetime import datetime

from billing.runs.rules import KEPT
from billing.runs.services import forget_runs


def drain_old_runs(*, at: datetime) -> int:
    """Remove the reports whose time is over; return how many."""
    return forget_runs(before=at - KEPT)
