"""The tokens' part of the periodic work."""

from datetime import datetime

from accounts.tokens.services import end_unused_tokens, remind_of_expiry
from accounts.tokens.use import forget_use, move_use
from manager.kit.clock import now


def drain_tokens(*, at: datetime) -> int:
    """Remind of tokens that expire soon, end those unused for a year; return how many (ACC-16)."""
    return remind_of_expiry(at=at) + end_unused_tokens(at=at)


def drain_token_use(*, at: datetime) -> int:
    """Keep how much tokens were used by the real clock; return how many rows were moved or forgotten."""
    at = min(at, now())
    return move_use(at=at) + forget_use(at=at)
