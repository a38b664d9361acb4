"""The form of a token: a recognizable beginning, random characters, and a checksum."""

import secrets
import string
import zlib

BEGINNING = "mgr_"
RANDOM_LENGTH = 40
CHECK_LENGTH = 6
ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
PREFIX_LENGTH = len(BEGINNING) + 6


def make_token() -> str:
    """Return a new token of 238 random bits."""
    random = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH))
    return f"{BEGINNING}{random}{_checksum(random)}"


def is_well_formed(token: str) -> bool:
    """Return whether `token` can be one of ours: mistyped and made-up ones never reach the database."""
    if not token.startswith(BEGINNING) or not token.isascii():
        return False
    rest = token[len(BEGINNING) :]
    if len(rest) != RANDOM_LENGTH + CHECK_LENGTH:
        return False
    return _checksum(rest[:RANDOM_LENGTH]) == rest[RANDOM_LENGTH:]


def _checksum(text: str) -> str:
    number = zlib.crc32(text.encode())
    letters = ""
    for _ in range(CHECK_LENGTH):
        number, index = divmod(number, len(ALPHABET))
        letters = ALPHABET[index] + letters
    return letters
