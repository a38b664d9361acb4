"""The numbers of webhooks: when a message is tried again, and when an endpoint is switched off (API-6)."""

import hashlib
from datetime import datetime, timedelta

MOST_ENDPOINTS = 10
LONGEST_ADDRESS = 500
KEPT_FOR = timedelta(days=30)
OVERLAP = timedelta(hours=24)
"""How long the former secret signs beside the new one."""

DELAYS = (
    timedelta(seconds=30),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=19),
    timedelta(hours=22),
)
"""Before the second, the third … and the tenth, last try: a little over three days together."""

MOST_TRIES = len(DELAYS) + 1
JITTER_PERCENT = 5
DISABLED_AFTER = timedelta(days=3)
DISABLED_AFTER_TRIES = 10
LEASE = timedelta(seconds=90)
"""How long a message belongs to the worker that has taken it: far longer than one try may last."""

CLAIMING_SECONDS = 30
"""How long one run takes messages: what it takes last must be answered well within the lease of its `at`."""

REST = timedelta(seconds=30)
"""How long an endpoint is left alone that has not answered: it costs a place among all others each time."""

AT_ONCE = 8
"""How many endpoints a worker writes to at once; to each of them one message after the other."""

ANSWER_SECONDS = 10
KEPT_OF_ANSWER = 2048
EXTRA_PER_HOUR = 60
"""How many tests and repeated messages an organization may ask for within an hour."""

MOST_RESENT = 1000


def next_try(*, key: str, tries: int, at: datetime) -> datetime | None:
    """Return when a message whose try number `tries` failed at `at` is tried again; None: not any more.

    Up to 5 % are added, different for each message and the same whenever it is computed, so that what failed
    together does not come back together.
    """
    if tries > len(DELAYS):
        return None
    delay = DELAYS[tries - 1]
    share = int.from_bytes(hashlib.sha256(f"{key}:{tries}".encode()).digest()[:2], "big")
    return at + delay + delay * JITTER_PERCENT * share // (100 * 2**16)


def is_hopeless(*, failing_since: datetime | None, failures: int, at: datetime) -> bool:
    """Return whether an endpoint is switched off: nothing taken for three days, and at least ten tries."""
    if failing_since is None or failures < DISABLED_AFTER_TRIES:
        return False
    return at - failing_since >= DISABLED_AFTER
