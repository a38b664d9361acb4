"""Signed links in mails: nothing is stored, so nothing can leak from the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.users.models import User

CONFIRMATION_SALT = "accounts.email-confirmation"
CONFIRMATION_LIFE = timedelta(days=7)
RESET_SALT = "accounts.password-reset"
RESET_LIFE = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a genuine, unexpired link says."""

    user_id: int
    email: str
    mark: str = ""


def make_email_confirmation(user: User, *, at: datetime) -> str:
    """Return the secret of a link that proves that the person reads this mailbox."""
    return _sign({"user": user.pk, "email": user.email}, CONFIRMATION_SALT, at + CONFIRMATION_LIFE)


def read_email_confirmation(token: str, *, at: datetime) -> Claim | None:
    """Return what a confirmation link says, or None."""
    return _read(token, CONFIRMATION_SALT, at)


def make_password_reset(user: User, *, at: datetime) -> str:
    """Return the secret of a link that sets a new password, once: it ends with the present one."""
    content = {"user": user.pk, "email": user.email, "mark": _mark(user)}
    return _sign(content, RESET_SALT, at + RESET_LIFE)


def read_password_reset(token: str, *, at: datetime) -> Claim | None:
    """Return what a reset link says, or None; `is_current` tells whether it was used meanwhile."""
    return _read(token, RESET_SALT, at)


def is_current(claim: Claim, user: User) -> bool:
    """Return whether the person still has the password and login that the link was made for."""
    return user.email == claim.email and constant_time_compare(claim.mark, _mark(user))


def _mark(user: User) -> str:
    # The link also ends when another recovery address takes over.
    facts = f"{user.password}:{user.recovery_email}"
    return salted_hmac(RESET_SALT, facts, algorithm="sha256").hexdigest()[:32]


def _sign(content: dict[str, object], salt: str, until: datetime) -> str:
    return signing.dumps({**content, "until": int(until.timestamp())}, salt=salt)


def _read(token: str, salt: str, at: datetime) -> Claim | None:
    try:
        content = signing.loads(token, salt=salt)
    except (signing.BadSignature, ValueError):
        return None
    if at.timestamp() > content["until"]:
        return None
    return Claim(content["user"], content["email"], content.get("mark", ""))
