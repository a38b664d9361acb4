"""The form of secrets for programs: a recognizable beginning, random characters, and a checksum.

Scanners of repositories find them by the beginning; a mistyped or made-up one is refused by its checksum
without a look into the database.
"""

import secrets
import string
import zlib

PERSONAL = "mgr_"
ACCESS = "mga_"
REFRESH = "mgf_"
CLIENT = "mgs_"
RANDOM_LENGTH = 40
CHECK_LENGTH = 6
ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
PREFIX_LENGTH = len(PERSONAL) + 6


def make_token(beginning: str = PERSONAL) -> str:
    """Return a new secret of 238 random bits."""
    random = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH))
    return f"{beginning}{random}{_checksum(random)}"


def is_well_formed(token: str, beginning: str = PERSONAL) -> bool:
    """Return whether `token` can be one of ours: mistyped and made-up ones never reach the database."""
    if not token.startswith(beginning) or not token.isascii():
        return False
    rest = token[len(beginning) :]
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
