"""Verbs of API tokens (ACC-16)."""

from accounts.tokens.services.change import change_token, rotate_token
from accounts.tokens.services.create import (
    LONGEST_LIFE,
    MOST_TOKENS,
    InvalidToken,
    TooManyTokens,
    create_token,
)
from accounts.tokens.services.end import end_unused_tokens, remind_of_expiry, revoke_token

__all__ = [
    "LONGEST_LIFE",
    "MOST_TOKENS",
    "InvalidToken",
    "TooManyTokens",
    "change_token",
    "create_token",
    "end_unused_tokens",
    "remind_of_expiry",
    "revoke_token",
    "rotate_token",
]
