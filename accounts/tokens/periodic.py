"""The tokens' part of the periodic work."""

from datetime import datetime

from accounts.tokens.services import end_unused_tokens, remind_of_expiry


def drain_tokens(*, at: datetime) -> int:
    """Remind of tokens that expire soon, end those unused for a year; return how many (ACC-16)."""
    return remind_of_expiry(at=at) + end_unused_tokens(at=at)
