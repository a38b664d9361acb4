"""A steady pace that any number of processes keep together: at most so many a second, evenly spaced.

One atomic script in Redis gives out the turns, by Redis' own clock. Where Redis does not answer, each process
goes on by itself at a slow rate and says so as an error; it never goes faster than with Redis.
"""

import logging
import threading
from collections import defaultdict
from dataclasses import dataclass
from time import monotonic, sleep

import redis
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError
from manager.kit.ratelimit import redis_client

logger = logging.getLogger(__name__)

MICROSECONDS = 1_000_000

SHARE = 0.96
"""The part of the rate that is used: what is sent evenly does not always arrive evenly."""

CREDIT = 0.01
"""A turn that is asked for so late (seconds) costs nothing; one later than that is lost, and not made up."""

SLOW = 1.0
"""So many a second each process does by itself while Redis does not answer."""

LONGEST_HOLD = 120
"""No hold is longer than this (seconds)."""

# KEYS: the pace. ARGV: microseconds between two turns, credit. Answers the microseconds to wait, 0: go.
# Where nothing is known, as after Redis was emptied, the first turn comes after one pause.
_ASK = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local pause, credit = tonumber(ARGV[1]), tonumber(ARGV[2])
local turn = tonumber(redis.call('GET', KEYS[1]))
local wait = 0
if not turn or turn - now > 130000000 then
  turn = now + pause
  wait = pause
elseif turn > now then
  return string.format('%.0f', turn - now)
else
  turn = math.max(turn, now - credit) + pause
end
redis.call('SET', KEYS[1], string.format('%.0f', turn), 'PX', math.ceil((turn - now) / 1000) + 10000)
return string.format('%.0f', wait)
"""

# KEYS: the pace. ARGV: microseconds in which nobody gets a turn.
_HOLD = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local turn = math.max(tonumber(redis.call('GET', KEYS[1])) or 0, now + tonumber(ARGV[1]))
redis.call('SET', KEYS[1], string.format('%.0f', turn), 'PX', math.ceil((turn - now) / 1000) + 10000)
return 0
"""


class TurnTooFar(DomainError):
    """It is not one's turn soon: better come back later than hold up others."""

    code = "turn_too_far"
    status = 503
    message = _("This is not possible at the moment. Please try again in a minute.")


@dataclass(slots=True)
class _Alone:
    """How this process goes on without Redis: the instant of its next turn; None while Redis answers."""

    turn: float | None = None


_alone: dict[str, _Alone] = defaultdict(_Alone)
# Of each process only one asks at a time: its threads stand in line here.
_lines: dict[str, threading.Lock] = defaultdict(threading.Lock)


def wait_turn(name: str, *, per_second: float, patience: float) -> None:
    """Return when it is the caller's turn in the pace `name`; each turn is for one.

    :raises TurnTooFar: it would take longer than `patience` seconds.
    """
    latest = monotonic() + patience
    line = _lines[name]
    if not line.acquire(timeout=patience):
        raise TurnTooFar
    try:
        while wait := _ask(name, per_second):
            if monotonic() + wait > latest:
                raise TurnTooFar
            sleep(wait)
    finally:
        line.release()


def hold(name: str, *, seconds: float) -> None:
    """Give nobody a turn in the pace `name` for so long, at most two minutes: the other side has asked so."""
    seconds = min(seconds, LONGEST_HOLD)
    try:
        _run(_HOLD, name, round(seconds * MICROSECONDS))
    except redis.RedisError:
        alone = _alone[name]
        alone.turn = max(alone.turn or 0.0, monotonic() + seconds)


def _ask(name: str, per_second: float) -> float:
    """Return the seconds to wait before asking again; 0.0 is a turn."""
    alone = _alone[name]
    try:
        if alone.turn is not None:  # what this process did meanwhile is not in Redis
            _run(_HOLD, name, MICROSECONDS)
            alone.turn = None
        pause = MICROSECONDS / (per_second * SHARE)
        wait = _run(_ASK, name, round(pause), round(CREDIT * MICROSECONDS))
    except redis.RedisError as error:
        return _ask_alone(name, min(per_second, SLOW), error)
    return wait / MICROSECONDS


def _ask_alone(name: str, per_second: float, error: redis.RedisError) -> float:
    alone = _alone[name]
    now = monotonic()
    if alone.turn is None:
        logger.error("The pace of %s is slow, as Redis cannot be reached: %s", name, error)
        # Others may have had all the turns of this second.
        alone.turn = now + 1 / per_second
    if alone.turn > now:
        return alone.turn - now
    alone.turn = now + 1 / per_second
    return 0.0


def _run(script: str, name: str, *numbers: int) -> int:
    client = redis_client(settings.REDIS_URL)
    return int(client.register_script(script)(keys=[f"pace:{name}"], args=list(numbers)))
