"""Instants and days: edges ask the clock once and pass `at` on."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta


def now() -> datetime:
    """Return the present instant in UTC. Only edges (views, API, tasks, commands) call this."""
    return datetime.now(UTC)


def day_in(zone: str, at: datetime) -> date:
    """Return the date that people in the time zone `zone` write at the instant `at`."""
    return at.astimezone(ZoneInfo(zone)).date()


def start_of_day(day: date, zone: str) -> datetime:
    """Return the instant at which `day` begins in `zone`, in UTC."""
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def end_of_day(day: date, zone: str) -> datetime:
    """Return the instant at which `day` is over in `zone`, in UTC: the first of the next one."""
    return start_of_day(day + timedelta(days=1), zone)


def add_months(day: date, months: int, *, anchor: int | None = None) -> date:
    """Return `day` plus `months` calendar months; the last day of the month where it has fewer days.

    `anchor` is the day of the month at which the periods began, so that 31 January, 28 February,
    31 March follow each other and no day is lost for good.
    """
    moved: date = day + relativedelta(months=months)
    if anchor and anchor > moved.day:
        last = (moved.replace(day=1) + relativedelta(months=1) - timedelta(days=1)).day
        moved = moved.replace(day=min(anchor, last))
    return moved
