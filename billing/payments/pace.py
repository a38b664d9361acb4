"""How fast a provider is called without a person waiting: a rate that all workers keep together (BIL-11)."""

from django.conf import settings

from billing.gateway.vocabulary import ChargeResult, ChargeState
from billing.payments.models import PaymentAttempt, Way
from manager.kit import pace

PATIENCE = 20
"""So many seconds a call waits for its turn, well within the lease of its attempt."""

LEAST_PAUSE = 1
"""The pause in seconds after an answer of "too many requests" that does not name one."""

RATE_LIMITED = "rate_limited"
TOO_FAST = ChargeResult(state=ChargeState.UNKNOWN, trouble=RATE_LIMITED, retry_after=LEAST_PAUSE)


def has_turn(attempt: PaymentAttempt) -> bool:
    """Wait until the attempt may be sent to its provider; False where that takes too long.

    Only charges without a person keep to the rate; what a person waits for goes at once.
    """
    if attempt.way != Way.OFF_SESSION:
        return True
    try:
        pace.wait_turn(_name(attempt.gateway), per_second=rate_of(attempt.gateway), patience=PATIENCE)
    except pace.TurnTooFar:
        return False
    return True


def heed(attempt: PaymentAttempt, result: ChargeResult) -> ChargeResult:
    """Return the answer; where it was "too many requests", nobody calls that provider before it wants."""
    if result.trouble == RATE_LIMITED:
        pace.hold(_name(attempt.gateway), seconds=max(LEAST_PAUSE, result.retry_after))
    return result


def rate_of(gateway: str) -> int:
    """Return how many charges a second the operator allows for a provider."""
    rates: dict[str, int] = settings.CHARGES_PER_SECOND
    return rates.get(gateway, rates["*"])


def _name(gateway: str) -> str:
    return f"charges:{gateway}"
