"""Verbs of a signed-in person's security."""

from datetime import datetime

from django.db import transaction

from accounts.mfa.services import WrongPassword
from accounts.sessions.services import end_sessions
from accounts.users.models import User
from accounts.users.services import set_password
from manager.kit.actor import Actor


@transaction.atomic
def change_password(
    *, user: User, current: str, password: str, keep_session: int | None, actor: Actor, at: datetime
) -> User:
    """Set a new password, with the current one; all other sessions end and a mail goes out (ACC-5).

    :raises WrongPassword: `current` is not the password.
    :raises WeakPassword: see StrengthValidator.
    """
    if not user.check_password(current):
        raise WrongPassword(field="current")
    changed = set_password(user=user, password=password, at=at)
    end_sessions(user=user, keep=keep_session)
    return changed
