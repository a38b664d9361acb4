"""What all kinds of second factors have in common: adding, renaming, removing (ACC-8, ACC-9, ACC-11).

Adding or removing one ends all other sessions: they were opened under other conditions. The page gives
the session that stays a new key.
"""

from datetime import datetime

from django.db import transaction
from django_otp import devices_for_user
from django_otp.models import Device

from accounts.mfa.factors import FactorKind, find_factor_kind
from accounts.mfa.models import BackupCode
from accounts.mfa.services.backup_codes import replace_backup_codes
from accounts.mfa.services.refusals import TooManyFactors, WrongPassword
from accounts.sessions.services import end_sessions
from accounts.users.history import publish_security_event
from accounts.users.models import User
from accounts.users.services import check_strength
from manager.kit.actor import Actor
from manager.kit.errors import NotFound

MOST_OF_A_KIND = 10


@transaction.atomic
def finish_adding_factor(
    *, user: User, kind: str, name: str, keep_session: int | None, actor: Actor, at: datetime
) -> list[str]:
    """Note that the device just stored counts; call it in the transaction that stores the device.

    Returns ten backup codes when it is the person's first factor, to be shown once (ACC-9); else none.
    All sessions but `keep_session` end, and a mail goes out.

    :raises TooManyFactors: the person has ten of this kind.
    """
    User.objects.select_for_update().get(pk=user.pk)
    known = find_factor_kind(kind)
    if known is not None and len(known.list_added(user)) > MOST_OF_A_KIND:
        raise TooManyFactors
    is_first = len(list(devices_for_user(user, confirmed=True))) == 1
    codes = replace_backup_codes(user=user, at=at) if is_first else []
    end_sessions(user=user, keep=keep_session)
    facts = {"kind": kind, "factor": name, "is_first": is_first}
    publish_security_event("user.factor_added", user=user, actor=actor, at=at, details=facts, **facts)
    return codes


@transaction.atomic
def remove_factor(
    *,
    user: User,
    kind: FactorKind,
    factor_id: int,
    password: str,
    keep_session: int | None,
    actor: Actor,
    at: datetime,
) -> None:
    """Remove one factor; see `finish_removing_factor` for `password`.

    :raises NotFound: it is not the person's, or gone already.
    """
    User.objects.select_for_update().get(pk=user.pk)
    device = find_device(user=user, kind=kind, factor_id=factor_id)
    name = device.name
    device.delete()
    finish_removing_factor(
        user=user,
        kind=kind.slug,
        name=name,
        password=password,
        keep_session=keep_session,
        actor=actor,
        at=at,
    )


@transaction.atomic
def finish_removing_factor(
    *,
    user: User,
    kind: str,
    name: str,
    password: str,
    keep_session: int | None,
    actor: Actor,
    at: datetime,
) -> None:
    """Note that the device just deleted is gone; call it in the transaction that deletes the device.

    With the last one the second step is off: that asks the `password`, which must be long enough to stand
    alone, and the backup codes go as well. All sessions but `keep_session` end, and a mail goes out.

    :raises WrongPassword: it is the last one, and `password` is not the account's.
    :raises WeakPassword: it is the last one, and the password is shorter than one alone must be.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    was_last = not any(True for _ in devices_for_user(locked, confirmed=True))
    if was_last:
        if not locked.check_password(password):
            raise WrongPassword
        check_strength(password=password, user=locked)
        BackupCode.objects.filter(user=user).delete()
    end_sessions(user=user, keep=keep_session)
    facts = {"kind": kind, "factor": name, "was_last": was_last}
    publish_security_event("user.factor_removed", user=user, actor=actor, at=at, details=facts, **facts)


@transaction.atomic
def rename_factor(
    *, user: User, kind: FactorKind, factor_id: int, name: str, actor: Actor, at: datetime
) -> Device:
    """Give a factor the name by which its owner knows it.

    :raises NotFound: it is not the person's, or gone.
    """
    device = find_device(user=user, kind=kind, factor_id=factor_id, lock=True)
    type(device).objects.filter(pk=device.pk).update(name=name)
    device.name = name
    return device


def find_device(*, user: User, kind: FactorKind, factor_id: int, lock: bool = False) -> Device:
    """Return one of the person's confirmed devices of a kind.

    :raises NotFound: there is none.
    """
    device: Device | None = kind.find_device(user, factor_id=factor_id, lock=lock)
    if device is None:
        raise NotFound
    return device
