"""The two secrets of an offer to link a phone: the token in the QR code, and a code short enough to type.

Both follow from the offer's random reference and the panel's secret key: the page can show them again,
while the database alone tells neither.
"""

from uuid import UUID

from django.utils.crypto import salted_hmac

from accounts.authenticator.keys import encode_base64url
from accounts.mfa.codes import ALPHABET

TOKEN_SALT = "accounts.authenticator.token"  # noqa: S105  (a salt, not a secret)
CODE_SALT = "accounts.authenticator.code"
CODE_LENGTH = 10


def token_of(reference: UUID) -> str:
    """Return the secret of the QR code's address."""
    return encode_base64url(_digest(TOKEN_SALT, reference))


def code_of(reference: UUID) -> str:
    """Return the code to type: ten characters that cannot be confused, 49 random bits."""
    number = int.from_bytes(_digest(CODE_SALT, reference), "big")
    letters = []
    for _ in range(CODE_LENGTH):
        number, index = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[index])
    return "".join(letters)


def in_groups(code: str) -> str:
    """Return a code as people read it: two groups of five."""
    half = CODE_LENGTH // 2
    return f"{code[:half]}-{code[half:]}"


def _digest(salt: str, reference: UUID) -> bytes:
    return salted_hmac(salt, reference.bytes, algorithm="sha256").digest()
