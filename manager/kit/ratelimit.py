"""Limits on how often something may be done, held in Redis by one atomic script.

A sliding window: within any `window_seconds` at most `limit` are let through, however many ask at the
same moment. What is refused does not count. Redis' own clock is used, so that all processes agree.
"""

import logging
import secrets
from dataclasses import dataclass
from functools import cache, partial

import redis
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from manager.kit.dryrun import undo_afterwards
from manager.kit.errors import DomainError

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 1.0
MICROSECONDS = 1_000_000

# KEYS: the window, and a hash where takings are tallied; ARGV: limit, window in microseconds, a name for this
# taking, and the hash's field ("": not tallied). A tally that nobody touches for a day is gone.
_TAKE = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local limit, window = tonumber(ARGV[1]), tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - window))
local count = redis.call('ZCARD', KEYS[1])
local allowed = 0
if count < limit then
  redis.call('ZADD', KEYS[1], string.format('%.0f', now), ARGV[3])
  redis.call('PEXPIRE', KEYS[1], math.ceil(window / 1000))
  count = count + 1
  allowed = 1
end
if ARGV[4] ~= '' then
  redis.call('HINCRBY', KEYS[2], ARGV[4], 1)
  if allowed == 0 then redis.call('HINCRBY', KEYS[2], ARGV[4] .. ':refused', 1) end
  redis.call('EXPIRE', KEYS[2], 86400)
end
local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
local reset = window
if oldest[2] then reset = oldest[2] + window - now end
return {allowed, limit - count, string.format('%.0f', reset)}
"""


class LimiterUnavailable(DomainError):
    """Redis does not answer, so nobody can tell how often this was done: better not now."""

    code = "unavailable_for_the_moment"
    status = 503
    message = _("This is not possible at the moment. Please try again in a minute.")


@dataclass(frozen=True, slots=True)
class Allowance:
    """Whether this one is let through, how many more are, and in how many seconds one more will be."""

    allowed: bool
    remaining: int
    reset_seconds: int
    key: str = ""
    ticket: str = ""


@cache
def redis_client(url: str) -> redis.Redis:
    """Return the connections of this process to Redis; a call that gets no answer ends within a second."""
    return redis.Redis.from_url(url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS)


def take(key: str, limit: int, window_seconds: int, *, tally: tuple[str, str] = ("", "")) -> Allowance:
    """Take one of the `limit` that `key` has within any `window_seconds`.

    `tally` names a hash of Redis and its field: each taking adds one to it, and one that is refused adds
    one to `<field>:refused` as well.

    :raises LimiterUnavailable: Redis cannot be reached; logged as an error.
    """
    ticket = secrets.token_hex(8)
    try:
        script = redis_client(settings.REDIS_URL).register_script(_TAKE)
        window = window_seconds * MICROSECONDS
        answer = script(keys=[f"limit:{key}", tally[0]], args=[limit, window, ticket, tally[1]])
    except redis.RedisError as error:
        logger.error("The rate limiter cannot reach Redis: %s", error)  # noqa: TRY400  (one line is enough)
        raise LimiterUnavailable from error
    allowed, remaining, reset = (int(value) for value in answer)
    seconds = max(1, -(-reset // MICROSECONDS))
    allowance = Allowance(bool(allowed), max(0, remaining), seconds, key, ticket if allowed else "")
    undo_afterwards(partial(give_back, allowance))
    return allowance


def give_back(allowance: Allowance) -> None:
    """Undo one taking, for limits that count failures only; does nothing where Redis is gone."""
    if not allowance.ticket:
        return
    try:
        redis_client(settings.REDIS_URL).zrem(f"limit:{allowance.key}", allowance.ticket)
    except redis.RedisError as error:
        logger.error("The rate limiter cannot reach Redis: %s", error)  # noqa: TRY400  (one line is enough)
