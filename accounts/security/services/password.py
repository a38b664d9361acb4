"""Verbs of the password of who is signed in."""

from datetime import datetime

from django.db import transaction

from accounts.applications.services import end_programs
from accounts.mfa.services import WrongPassword
from accounts.security.mailboxes import set_mailbox_password
from accounts.sessions.services import end_sessions
from accounts.users.models import User
from accounts.users.services import set_password
from manager.kit.actor import Actor


def prove_password(*, user: User, password: str, field: str = "password") -> None:
    """Check the account's password before a sensitive change.

    :raises WrongPassword: it is another one, beside `field`.
    """
    if not user.check_password(password):
        raise WrongPassword(field=field)


@transaction.atomic
def change_password(
    *,
    user: User,
    current: str,
    password: str,
    keep_session: int | None,
    actor: Actor,
    at: datetime,
    with_programs: bool = False,
    with_mailbox: bool = False,
) -> User:
    """Set a new password, with the current one; all other sessions end and a mail goes out (ACC-5).

    `with_programs`: API tokens and allowed applications end as well. `with_mailbox`: the hosted mailbox that
    is the person's login gets the same password (MAIL-2).

    :raises MailboxNotShared: `with_mailbox`, and there is no such mailbox.
    :raises WrongPassword: `current` is not the password.
    :raises WeakPassword: see StrengthValidator.
    """
    prove_password(user=user, password=current, field="current")
    ended = end_programs(user=user, actor=actor, at=at) if with_programs else 0
    changed = set_password(user=user, password=password, actor=actor, at=at, programs_ended=ended)
    if with_mailbox:
        set_mailbox_password(user=user, password=password, actor=actor, at=at)
    end_sessions(user=user, keep=keep_session)
    return changed
