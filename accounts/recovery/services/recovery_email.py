"""Verbs of the recovery address: where the link goes when the password is forgotten (ACC-6)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.recovery.models import AddressChange, AddressKind
from accounts.recovery.secrets import Purpose, find_change_by_key
from accounts.recovery.selectors import is_confirmable
from accounts.recovery.services.changes import AddressUnchanged, NoChangeWaits, open_change
from accounts.sessions.services import end_sessions
from accounts.users.addresses import normalize_email
from accounts.users.history import publish_security_event
from accounts.users.models import User
from accounts.users.services import LinkNotValid
from manager.kit.actor import Actor
from manager.kit.errors import DomainError


class SameAsLogin(DomainError):
    """Login and recovery address would be one: whoever loses the one loses both (ACC-4)."""

    code = "same_as_login"
    status = 422
    field = "address"
    message = _("Login and recovery address must differ: otherwise you lose both at once.")


@transaction.atomic
def request_recovery_email(*, user: User, address: str, actor: Actor, at: datetime) -> AddressChange:
    """Have a link mailed to the wanted recovery address; until it is opened nothing changes.

    The edges ask for a fresh proof or the password.

    :raises SameAsLogin: see there.
    :raises AddressUnchanged: it is the recovery address already.
    """
    address = normalize_email(address)
    locked = User.objects.select_for_update().get(pk=user.pk)
    if address == locked.email:
        raise SameAsLogin
    if address == locked.recovery_email:
        raise AddressUnchanged
    return open_change(
        user=locked,
        kind=AddressKind.RECOVERY,
        address=address,
        old_address=locked.recovery_email,
        actor=actor,
        at=at,
    )


@transaction.atomic
def confirm_recovery_email(
    *, key: str, user: User, keep_session: int | None, actor: Actor, at: datetime
) -> User:
    """Make the address, to which the link was mailed, the recovery address; other sessions end.

    Only the person signed in as the asker confirms: an address mistyped into a stranger's mailbox gains
    nothing. The address before and the login are told.

    :raises LinkNotValid: wrong, too old, used, given up, or somebody else's.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    change = find_change_by_key(key, Purpose.CONFIRM, lock=True)
    if change is None or not is_confirmable(change, AddressKind.RECOVERY, user=locked, at=at):
        raise LinkNotValid
    if change.address == locked.email:
        raise LinkNotValid
    change.confirmed_at = at
    change.save(update_fields=["confirmed_at"])
    return _set(locked, change.address, keep_session=keep_session, actor=actor, at=at)


@transaction.atomic
def remove_recovery_email(*, user: User, keep_session: int | None, actor: Actor, at: datetime) -> User:
    """Remove the recovery address: links for a forgotten password go to the login from now on.

    :raises NoChangeWaits: there is none.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not locked.recovery_email:
        raise NoChangeWaits(_("There is no recovery address."))
    return _set(locked, "", keep_session=keep_session, actor=actor, at=at)


def _set(user: User, address: str, *, keep_session: int | None, actor: Actor, at: datetime) -> User:
    before, user.recovery_email = user.recovery_email, address
    user.save(update_fields=["recovery_email"])
    end_sessions(user=user, keep=keep_session)
    changed = {"before": before, "address": address}
    publish_security_event(
        "user.recovery_email_changed", user=user, actor=actor, at=at, details=changed, **changed
    )
    return user
