"""Forget old tasks (API-1)."""

from datetime import datetime

from organizations.progress.services import drop_old_tasks


def drain_old_tasks(*, at: datetime) -> int:
    """Delete tasks that are not told any more; return how many."""
    return drop_old_tasks(at=at)
