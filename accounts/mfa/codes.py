"""The form of backup codes: sixteen characters that cannot be confused, in groups of four."""

import secrets

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS = 4
GROUP_LENGTH = 4
COUNT = 10


def make_codes() -> list[str]:
    """Return ten new codes of 79 random bits each, as they are shown."""
    return [_make_code() for _ in range(COUNT)]


def normalize_code(code: str) -> str:
    """Return a typed code without spaces, hyphens and capitals."""
    return "".join(character for character in code.lower() if character.isalnum())


def _make_code() -> str:
    letters = [secrets.choice(ALPHABET) for _ in range(GROUPS * GROUP_LENGTH)]
    groups = (
        "".join(letters[start : start + GROUP_LENGTH]) for start in range(0, len(letters), GROUP_LENGTH)
    )
    return "-".join(groups)
