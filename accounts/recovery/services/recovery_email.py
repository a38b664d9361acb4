"""Verbs of the recovery address: where the link goes when the password is forgotten (ACC-6)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.recovery.models import AddressChange, AddressKind
from accounts.recovery.services.changes import NoChangeWaits, open_change, take_confirmed
from accounts.sessions.services import end_sessions
from accounts.users.addresses import normalize_email
from accounts.users.history import publish_security_event
from accounts.users.models import User
from accounts.users.services import LinkNotValid
from manager.kit.actor import Actor


def request_recovery_email(*, user: User, address: str, actor: Actor, at: datetime) -> AddressChange:
    """Have a link mailed to the wanted recovery address; until it is opened nothing changes.

    The edges ask for a fresh proof or the password.

    :raises SameAsOther: it is the login.
    :raises AddressUnchanged: it is the recovery address already.
    """
    return open_change(user=user, kind=AddressKind.RECOVERY, address=address, actor=actor, at=at)


@transaction.atomic
def confirm_recovery_email(
    *, key: str, user: User, keep_session: int | None, actor: Actor, at: datetime
) -> User:
    """Make the address, to which the link was mailed, the recovery address; other sessions end.

    The address before and the login are told.

    :raises LinkNotValid: see `take_confirmed`; also when the address is the login by now.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    change = take_confirmed(key=key, kind=AddressKind.RECOVERY, user=locked, at=at)
    if change.address == locked.email:
        raise LinkNotValid
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


@transaction.atomic
def remove_deleted_recovery(*, address: str, actor: Actor, at: datetime) -> list[User]:
    """Remove a recovery address whose mailbox was deleted from whoever has it; each of them is told.

    Whoever makes a mailbox of that name again gets no reset link there. Wishes for it end as well.
    Sessions stay: the person has done nothing, and nobody else has gained anything. Returns the people.
    """
    address = normalize_email(address)
    AddressChange.objects.filter(
        kind=AddressKind.RECOVERY, address=address, confirmed_at=None, cancelled_at=None
    ).update(cancelled_at=at)
    people = list(User.objects.select_for_update().filter(recovery_email=address).order_by("pk"))
    for user in people:
        user.recovery_email = ""
        user.save(update_fields=["recovery_email"])
        publish_security_event(
            "user.recovery_email_deleted",
            user=user,
            actor=actor,
            at=at,
            details={"before": address},
            before=address,
        )
    return people


def _set(user: User, address: str, *, keep_session: int | None, actor: Actor, at: datetime) -> User:
    before, user.recovery_email = user.recovery_email, address
    user.save(update_fields=["recovery_email"])
    end_sessions(user=user, keep=keep_session)
    changed = {"before": before, "address": address}
    publish_security_event(
        "user.recovery_email_changed", user=user, actor=actor, at=at, details=changed, **changed
    )
    return user
