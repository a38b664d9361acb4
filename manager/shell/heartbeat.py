"""The beat's sign of life, for the doctor and the health page."""

from datetime import datetime

from django.core.cache import cache

KEY = "beat:last"


def record_beat(*, at: datetime) -> None:
    """Remember that the beat's tick ran at `at`."""
    cache.set(KEY, at.isoformat(), timeout=None)


def last_beat() -> datetime | None:
    """Return when the beat's tick ran last, or None when it never did."""
    value = cache.get(KEY)
    return datetime.fromisoformat(value) if value else None
