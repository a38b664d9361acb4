"""Names of requests to pay: what programs send never meets what the panel calls its own (API-5, INC-27)."""

import hashlib

from django.db.models import Q

from billing.payments.models import Initiator

OUTSIDE = "api: "
"""Before each name that comes from outside. With the space in it no Idempotency-Key can look like that,
and no name of the panel's own work (`auto-top-up:…`, `renewal:…`) does."""
LONGEST = 100


def key_from_outside(key: str) -> str:
    """Return the name under which an attempt keeps an Idempotency-Key, hashed where it is long; "" of ""."""
    if not key:
        return ""
    return OUTSIDE + (key if len(key) <= LONGEST else hashlib.sha256(key.encode()).hexdigest())


def begun_under(request_key: str) -> Q:
    """Return what finds the attempt that was begun under the name.

    Attempts of programs bore the plain key once: asked for again, they are found as well, so that nothing is
    charged twice. Those of the panel itself are not: they were never begun by a person.
    """
    wanted = Q(request_key=request_key)
    if request_key.startswith(OUTSIDE):
        wanted |= Q(request_key=request_key.removeprefix(OUTSIDE), initiator=Initiator.PERSON)
    return wanted
