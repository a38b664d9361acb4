"""Passwords of mailboxes: as strong as those of accounts, kept as a hash that mail servers read."""

from types import SimpleNamespace

from django.contrib.auth.hashers import get_hasher
from django.core.exceptions import ValidationError

from accounts.users.passwords import StrengthValidator
from accounts.users.services import WeakPassword

# The scheme by which Dovecot and others know what follows.
SCHEME = "{ARGON2ID}"
ALGORITHM = "argon2"


def check_strength(password: str, *, address: str) -> None:
    """Refuse what is too weak for the mailbox of `address`.

    :raises WeakPassword: see StrengthValidator.
    """
    try:
        StrengthValidator().validate(password, user=SimpleNamespace(email=address))
    except ValidationError as error:
        raise WeakPassword(error.messages[0]) from error


def hash_password(password: str) -> str:
    """Return the hash of a password in the scheme of the mail servers."""
    hasher = get_hasher(ALGORITHM)
    return SCHEME + hasher.encode(password, hasher.salt())[len(ALGORITHM) :]


def is_password(password: str, password_hash: str) -> bool:
    """Return whether the hash was made of this password."""
    return get_hasher(ALGORITHM).verify(password, ALGORITHM + password_hash[len(SCHEME) :])
