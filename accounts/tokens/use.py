"""How much each token is used: counted in Redis with the limit, kept in the database by minute (API-3).

A request writes no row. The script that counts it for the limit counts it for its token and minute as well;
once a minute is over, the periodic work moves it into the table. What Redis loses is not counted.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import redis
from django.conf import settings
from django.db import connection, transaction

from accounts.tokens.models import ApiToken, TokenDay, TokenMinute
from manager.kit.ratelimit import redis_client

logger = logging.getLogger(__name__)

COUNTS = "token-use"
REFUSED = "refused"
MINUTES_SHOWN = 60
DAYS_SHOWN = 30
# A minute is moved once its last request has certainly been counted.
SETTLED = timedelta(minutes=2)
KEPT_MINUTES = timedelta(days=1)
KEPT_DAYS = timedelta(days=DAYS_SHOWN)

# A minute that was moved before is not added to its day again: a crash between both stores does no harm.
_MOVE = """
WITH given AS (
  SELECT * FROM unnest(%s::bigint[], %s::timestamptz[], %s::int[], %s::int[])
    AS each(token_id, minute, requests, refused)
), moved AS (
  INSERT INTO accounts_tokenminute (token_id, minute, requests, refused)
  SELECT given.* FROM given JOIN accounts_apitoken AS token ON token.id = given.token_id
  ORDER BY given.token_id, given.minute
  ON CONFLICT (token_id, minute) DO NOTHING
  RETURNING token_id, minute, requests, refused
)
INSERT INTO accounts_tokenday (token_id, day, requests, refused)
SELECT token_id, (minute AT TIME ZONE 'UTC')::date, sum(requests), sum(refused) FROM moved
GROUP BY 1, 2 ORDER BY 1, 2
ON CONFLICT (token_id, day) DO UPDATE SET
  requests = accounts_tokenday.requests + excluded.requests,
  refused = accounts_tokenday.refused + excluded.refused
"""


@dataclass(frozen=True, slots=True)
class Use:
    """How many requests came within a minute or a day, and how many of them were refused."""

    requests: int
    refused: int


def field_for(*, token: ApiToken, at: datetime) -> str:
    """Return under which name the requests of a token are counted at `at`."""
    return f"{token.pk}:{int(at.timestamp()) // 60}"


def note_refusal(field: str) -> None:
    """Count that a request which the limit let through was refused; best effort."""
    try:
        redis_client(settings.REDIS_URL).hincrby(COUNTS, f"{field}:{REFUSED}")
    except redis.RedisError as error:
        logger.warning("A refusal was not counted, as Redis cannot be reached: %s", error)


def move_use(*, at: datetime) -> int:
    """Move the minutes that are over from Redis into the table; return how many."""
    client = redis_client(settings.REDIS_URL)
    try:
        found: dict[bytes, bytes] = client.hgetall(COUNTS)  # type: ignore[assignment]  # nothing is decoded
    except redis.RedisError as error:
        logger.warning("The use of tokens waits, as Redis cannot be reached: %s", error)
        return 0
    last, first = at - SETTLED, at - KEPT_MINUTES
    counted: dict[tuple[int, datetime], list[int]] = {}
    fields = []
    for name, number in found.items():
        token_id, minute, is_refused = _read(name.decode())
        if minute > last:
            continue
        fields.append(name)
        if minute > first:
            counted.setdefault((token_id, minute), [0, 0])[is_refused] = int(number)
    if not fields:
        return 0
    rows = sorted(counted.items())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            _MOVE,
            [
                [token_id for (token_id, _), _ in rows],
                [minute for (_, minute), _ in rows],
                [requests for _, (requests, _) in rows],
                [refused for _, (_, refused) in rows],
            ],
        )
    client.hdel(COUNTS, *fields)
    return len(rows)


def forget_use(*, at: datetime) -> int:
    """Delete the minutes that are older than a day, and the days that are no longer shown."""
    minutes = TokenMinute.objects.filter(minute__lt=at - KEPT_MINUTES - SETTLED).delete()[0]
    return minutes + TokenDay.objects.filter(day__lte=(at - KEPT_DAYS).date()).delete()[0]


def recent_use(*, token: ApiToken, at: datetime) -> tuple[dict[datetime, Use], dict[date, Use]]:
    """Return the use of each of the last 60 minutes and the last 30 days (UTC), oldest first."""
    present = at.replace(second=0, microsecond=0)
    minutes = [present - timedelta(minutes=ago) for ago in reversed(range(MINUTES_SHOWN))]
    days = [at.date() - timedelta(days=ago) for ago in reversed(range(DAYS_SHOWN))]
    by_minute = {
        row.minute: Use(row.requests, row.refused)
        for row in TokenMinute.objects.filter(token=token, minute__gte=minutes[0])
    }
    by_day = {
        row.day: Use(row.requests, row.refused)
        for row in TokenDay.objects.filter(token=token, day__gte=days[0])
    }
    for minute, use in _unmoved(token, minutes):
        if minute not in by_minute:
            by_minute[minute] = use
            known = by_day.get(minute.date(), Use(0, 0))
            by_day[minute.date()] = Use(known.requests + use.requests, known.refused + use.refused)
    none = Use(0, 0)
    return (
        {each: by_minute.get(each, none) for each in minutes},
        {day: by_day.get(day, none) for day in days},
    )


def _unmoved(token: ApiToken, minutes: list[datetime]) -> Iterable[tuple[datetime, Use]]:
    """Return what Redis has counted within `minutes`; nothing where it cannot be reached."""
    names = [field_for(token=token, at=minute) for minute in minutes]
    both = [each for name in names for each in (name, f"{name}:{REFUSED}")]
    try:
        found = redis_client(settings.REDIS_URL).hmget(COUNTS, both)
    except redis.RedisError:
        return []
    numbers = [int(value or 0) for value in found]
    each = zip(minutes, numbers[::2], numbers[1::2], strict=True)
    return [(minute, Use(requests, refused)) for minute, requests, refused in each if requests]


def _read(name: str) -> tuple[int, datetime, int]:
    """Return whose and when a count is, and which of the two: 0 the requests, 1 those refused."""
    token_id, minute, *refused = name.split(":")
    return int(token_id), datetime.fromtimestamp(int(minute) * 60, UTC), len(refused)


def sum_use(uses: Iterable[Use]) -> Use:
    """Return all of them together."""
    known = list(uses)
    return Use(sum(use.requests for use in known), sum(use.refused for use in known))
