"""Verbs of the login address: ask for another, confirm it by a mailed link, take it back (ACC-4)."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.recovery.models import AddressChange, AddressKind
from accounts.recovery.secrets import Purpose, find_change_by_key
from accounts.recovery.services import open_change, take_confirmed
from accounts.security.services.password import prove_password
from accounts.sessions.services import end_sessions
from accounts.users.addresses import is_temporary
from accounts.users.history import publish_security_event
from accounts.users.models import User
from accounts.users.services import LinkNotValid
from manager.kit.actor import Actor
from manager.kit.errors import DomainError

UNDO_LIFE = timedelta(days=7)


class LoginTaken(DomainError):
    """The address became another account's login since it was asked for."""

    code = "login_taken"
    message = _("This address is the login of another account. Please choose another one.")


def request_login_change(
    *, user: User, address: str, password: str, actor: Actor, at: datetime
) -> AddressChange:
    """Have a link mailed to the wanted login; until it is opened the present one stays (ACC-4, INC-10).

    Whether the address is another's login is not looked up here: the asker sees the same answer, and
    its owner is told by mail instead (INC-8).

    :raises WrongPassword: the password is not the account's.
    :raises AddressUnchanged: it is the login already.
    :raises SameAsOther: it is the recovery address.
    """
    prove_password(user=user, password=password)
    return open_change(user=user, kind=AddressKind.LOGIN, address=address, actor=actor, at=at)


@transaction.atomic
def confirm_login_change(
    *, key: str, user: User, keep_session: int | None, actor: Actor, at: datetime
) -> User:
    """Make the address, to which the link was mailed, the login; other sessions end (ACC-4, INC-10).

    The address before is told, with a link that takes the change back.

    :raises LinkNotValid: see `take_confirmed`; also when login or recovery address changed meanwhile.
    :raises LoginTaken: see there.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    change = take_confirmed(key=key, kind=AddressKind.LOGIN, user=locked, at=at)
    if change.address == locked.recovery_email or change.old_address != locked.email:
        raise LinkNotValid
    _set_login(locked, change.address, at)
    end_sessions(user=locked, keep=keep_session)
    _publish("user.login_changed", change, user=locked, actor=actor, at=at)
    return locked


@transaction.atomic
def undo_login_change(*, key: str, actor: Actor, at: datetime) -> User:
    """Take a change of the login back, by the link in the mail to the address before, for 7 days.

    Whoever made the change knew the password and was signed in: so all sessions end, the password ends
    (a link for a new one goes to the restored login), a recovery address set since shortly before ends,
    and no other change waits.

    :raises LinkNotValid: wrong, too old, used, or the login was changed again meanwhile.
    :raises LoginTaken: the address before is another account's by now.
    """
    change = find_undoable(key=key, at=at, lock=True)
    if change is None:
        raise LinkNotValid
    user = User.objects.select_for_update().get(pk=change.user_id)
    if user.email != change.address:
        raise LinkNotValid
    if user.recovery_email == change.old_address or _recovery_is_young(change):
        user.recovery_email = ""
    user.password = make_password(None)
    user.save(update_fields=["recovery_email", "password"])
    _set_login(user, change.old_address, at)
    change.undone_at = at
    change.save(update_fields=["undone_at"])
    AddressChange.objects.filter(user=user, confirmed_at=None, cancelled_at=None).update(cancelled_at=at)
    end_sessions(user=user)
    _publish("user.login_change_undone", change, user=user, actor=actor, at=at)
    return user


def find_undoable(*, key: str, at: datetime, lock: bool = False) -> AddressChange | None:
    """Return the change of a login that this link takes back now, or None."""
    change = find_change_by_key(key, Purpose.UNDO, lock=lock)
    if change is None or change.kind != AddressKind.LOGIN or change.confirmed_at is None:
        return None
    if change.undone_at is not None or is_temporary(change.old_address):
        return None
    return change if at < change.confirmed_at + UNDO_LIFE else None


def _set_login(user: User, address: str, at: datetime) -> None:
    user.email, user.email_confirmed_at = address, at
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "email_confirmed_at"])
    except IntegrityError as taken:
        raise LoginTaken from taken


def _recovery_is_young(change: AddressChange) -> bool:
    """Return whether the recovery address was set in the week before the login, or since."""
    since = change.created_at - UNDO_LIFE
    return AddressChange.objects.filter(
        user=change.user_id, kind=AddressKind.RECOVERY, confirmed_at__gte=since
    ).exists()


def _publish(name: str, change: AddressChange, *, user: User, actor: Actor, at: datetime) -> None:
    details = {"before": change.old_address, "address": change.address}
    publish_security_event(name, user=user, actor=actor, at=at, details=details, change=change.pk)
