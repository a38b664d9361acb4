"""How much tokens and applications are used: counted in Redis with the limit, kept by minute (API-3).

A request writes no row. The script that counts it for the limit counts it for its token and minute as well;
once a minute is over, the periodic work moves it into the table. What Redis loses is not counted.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import redis
from django.conf import settings
from django.db import connection, transaction

from accounts.applications.models import OAuthAccessToken, OAuthApplication, OAuthConsent
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
  SELECT * FROM unnest(%s::text[], %s::bigint[], %s::timestamptz[], %s::int[], %s::int[])
    AS each(kind, id, minute, requests, refused)
), moved AS (
  INSERT INTO accounts_tokenminute (token_id, consent_id, application_id, minute, requests, refused)
  SELECT token.id, consent.id, application.id, given.minute, given.requests, given.refused FROM given
  LEFT JOIN accounts_apitoken AS token ON given.kind = '' AND token.id = given.id
  LEFT JOIN accounts_oauthconsent AS consent ON given.kind = 'c' AND consent.id = given.id
  LEFT JOIN accounts_oauthapplication AS application ON given.kind = 'a' AND application.id = given.id
  WHERE num_nonnulls(token.id, consent.id, application.id) = 1
  ORDER BY 1, 2, 3, 4
  ON CONFLICT (token_id, consent_id, application_id, minute) DO NOTHING
  RETURNING token_id, consent_id, application_id, minute, requests, refused
)
INSERT INTO accounts_tokenday (token_id, consent_id, application_id, day, requests, refused)
SELECT token_id, consent_id, application_id, (minute AT TIME ZONE 'UTC')::date, sum(requests), sum(refused)
FROM moved GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
ON CONFLICT (token_id, consent_id, application_id, day) DO UPDATE SET
  requests = accounts_tokenday.requests + excluded.requests,
  refused = accounts_tokenday.refused + excluded.refused
"""

Program = ApiToken | OAuthConsent | OAuthApplication
"""What is counted: a person's token, what a person allows an application, or a service."""

# By which letter and which column each is named.
_KINDS: dict[type, tuple[str, str]] = {
    ApiToken: ("", "token"),
    OAuthConsent: ("c", "consent"),
    OAuthApplication: ("a", "application"),
}


@dataclass(frozen=True, slots=True)
class Use:
    """How many requests came within a minute or a day, and how many of them were refused."""

    requests: int
    refused: int


def program_of(token: ApiToken | OAuthAccessToken) -> Program:
    """Return for what the requests of a token are counted: an application's come and go within the hour."""
    return token if isinstance(token, ApiToken) else token.consent or token.application


def field_for(*, program: Program, at: datetime) -> str:
    """Return under which name the requests of a program are counted at `at`."""
    return f"{_KINDS[type(program)][0]}{program.pk}:{int(at.timestamp()) // 60}"


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
    counted: dict[tuple[str, int, datetime], list[int]] = {}
    fields = []
    for name, number in found.items():
        kind, program_id, minute, is_refused = _read(name.decode())
        if minute > last:
            continue
        fields.append(name)
        if minute > first:
            counted.setdefault((kind, program_id, minute), [0, 0])[is_refused] = int(number)
    if not fields:
        return 0
    rows = sorted(counted.items())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            _MOVE,
            [
                [kind for (kind, _, _), _ in rows],
                [program_id for (_, program_id, _), _ in rows],
                [minute for (_, _, minute), _ in rows],
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


def recent_use(*, program: Program, at: datetime) -> tuple[dict[datetime, Use], dict[date, Use]]:
    """Return the use of each of the last 60 minutes and the last 30 days (UTC), oldest first."""
    present = at.replace(second=0, microsecond=0)
    minutes = [present - timedelta(minutes=ago) for ago in reversed(range(MINUTES_SHOWN))]
    days = [at.date() - timedelta(days=ago) for ago in reversed(range(DAYS_SHOWN))]
    own = {_KINDS[type(program)][1]: program}
    by_minute = {
        row.minute: Use(row.requests, row.refused)
        for row in TokenMinute.objects.filter(**own, minute__gte=minutes[0])
    }
    by_day = {
        row.day: Use(row.requests, row.refused) for row in TokenDay.objects.filter(**own, day__gte=days[0])
    }
    for minute, use in _unmoved(program, minutes):
        if minute not in by_minute:
            by_minute[minute] = use
            known = by_day.get(minute.date(), Use(0, 0))
            by_day[minute.date()] = Use(known.requests + use.requests, known.refused + use.refused)
    none = Use(0, 0)
    return (
        {each: by_minute.get(each, none) for each in minutes},
        {day: by_day.get(day, none) for day in days},
    )


def _unmoved(program: Program, minutes: list[datetime]) -> Iterable[tuple[datetime, Use]]:
    """Return what Redis has counted within `minutes`; nothing where it cannot be reached."""
    names = [field_for(program=program, at=minute) for minute in minutes]
    both = [each for name in names for each in (name, f"{name}:{REFUSED}")]
    try:
        found = redis_client(settings.REDIS_URL).hmget(COUNTS, both)
    except redis.RedisError:
        return []
    numbers = [int(value or 0) for value in found]
    each = zip(minutes, numbers[::2], numbers[1::2], strict=True)
    return [(minute, Use(requests, refused)) for minute, requests, refused in each if requests]


def _read(name: str) -> tuple[str, int, datetime, int]:
    """Return whose and when a count is, and which of the two: 0 the requests, 1 those refused."""
    program, minute, *refused = name.split(":")
    number = program.lstrip("ac")
    return (
        program.removesuffix(number),
        int(number),
        datetime.fromtimestamp(int(minute) * 60, UTC),
        len(refused),
    )


def show_use(*, program: Program, at: datetime) -> dict[str, Any]:
    """Return what a page tells: `hour`, the last 60 minutes, and `days` with their use, newest first."""
    by_minute, by_day = recent_use(program=program, at=at)
    hour = list(by_minute.values())
    total = Use(sum(use.requests for use in hour), sum(use.refused for use in hour))
    return {"hour": total, "days": [(day, use) for day, use in reversed(by_day.items()) if use.requests]}
