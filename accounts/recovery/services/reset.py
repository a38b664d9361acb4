"""Verbs of a forgotten password: it is replaced by a mailed link (ACC-6)."""

from datetime import datetime

from django.db import transaction

from accounts.applications.services import end_programs
from accounts.sessions.services import end_sessions
from accounts.users import links
from accounts.users.addresses import normalize_login
from accounts.users.models import User
from accounts.users.services import LinkNotValid, set_password
from manager.kit.actor import Actor
from manager.outbox.publish import publish


@transaction.atomic
def request_password_reset(*, email: str, actor: Actor, at: datetime) -> None:
    """Have a reset link mailed to the recovery address of the login `email`, if there is one.

    Nothing is looked up here: the same work is done for every address, so that neither answer nor time
    tells whether it is somebody's (INC-8). The worker looks it up.
    """
    payload = {"email": normalize_login(email), "address": actor.address}
    publish("user.password_reset_requested", organization_id=0, payload=payload, at=at)


@transaction.atomic
def reset_password(
    *, token: str, password: str, actor: Actor, at: datetime, with_programs: bool = False
) -> User:
    """Set a new password by a mailed link, once; all sessions end.

    `with_programs`: API tokens and allowed applications end as well.

    The second factor stays on and is asked at the next sign-in. The link proves the login, too, where it
    went there.

    :raises LinkNotValid: wrong, too old, or used.
    :raises WeakPassword: see StrengthValidator.
    """
    user = find_reset_user(token=token, at=at, lock=True)
    if user is None:
        raise LinkNotValid
    ended = end_programs(user=user, actor=actor, at=at) if with_programs else 0
    user = set_password(
        user=user,
        password=password,
        actor=actor,
        at=at,
        event="user.password_reset",
        programs_ended=ended,
    )
    if user.email_confirmed_at is None and not user.recovery_email:
        user.email_confirmed_at = at
        user.save(update_fields=["email_confirmed_at"])
    end_sessions(user=user)
    return user


def find_reset_user(*, token: str, at: datetime, lock: bool = False) -> User | None:
    """Return whose password the link sets, or None when it is not valid (any more)."""
    claim = links.read_password_reset(token, at=at)
    if claim is None:
        return None
    users = User.objects.select_for_update() if lock else User.objects
    user = users.filter(pk=claim.user_id, is_active=True).first()
    return user if user is not None and links.is_current(claim, user) else None
