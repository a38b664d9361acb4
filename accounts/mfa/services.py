"""Verbs of the second factor: turn on, use, turn off (ACC-8, ACC-9).

One-time codes are only ever checked by django-otp's `verify_token`, which locks the row: the same code
sent many times at once succeeds once (INC-13).
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_otp import verify_token
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.mfa.codes import make_codes, normalize_code
from accounts.mfa.models import BackupCode
from accounts.mfa.selectors import find_pending_totp, find_totp
from accounts.sessions.services import end_sessions
from accounts.users.models import User
from accounts.users.services import check_strength
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.tokens import hash_secret
from manager.outbox.publish import publish

DIGITS = 6


class WrongCode(DomainError):
    """The code is wrong, was used already, or came too soon after a wrong one."""

    code = "wrong_code"
    status = 422
    field = "code"
    message = _("This code is not right. Wait for the next one and try again.")


class WrongPassword(DomainError):
    """The password is not the account's."""

    code = "wrong_password"
    status = 422
    field = "password"
    message = _("This is not your password.")


class SecondFactorIsOff(DomainError):
    """There is no second factor to use or to turn off."""

    code = "second_factor_is_off"
    message = _("Two-step sign-in is not on.")


class SecondFactorIsOn(DomainError):
    """The second factor is on already."""

    code = "second_factor_is_on"
    message = _("Two-step sign-in is on already.")


@transaction.atomic
def start_totp(*, user: User, actor: Actor, at: datetime) -> TOTPDevice:
    """Make a key for an authenticator app; it counts only after `enable_totp`.

    :raises SecondFactorIsOn: see there.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if find_totp(user) is not None:
        raise SecondFactorIsOn
    TOTPDevice.objects.filter(user=user, confirmed=False).delete()
    return TOTPDevice.objects.create(user=user, name="authenticator", confirmed=False)


def enable_totp(
    *, user: User, code: str, keep_session: int | None, actor: Actor, at: datetime
) -> tuple[TOTPDevice, list[str]]:
    """Turn the authenticator on with a first code; return it and ten backup codes, to be shown once.

    The person's other sessions end: they were opened without the second factor.

    :raises WrongCode: the app shows another code.
    :raises SecondFactorIsOff: nothing was started.
    """
    device = find_pending_totp(user)
    if device is None:
        raise SecondFactorIsOff
    # A transaction of its own, so that a wrong code is counted.
    if not _is_typed_code(code) or verify_token(user, device.persistent_id, code) is None:
        raise WrongCode
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if find_totp(user) is not None:
            raise SecondFactorIsOn
        TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
        codes = _replace_backup_codes(user, at)
        end_sessions(user=user, keep=keep_session)
        publish("user.totp_enabled", organization_id=0, payload={"user": user.pk}, at=at)
    return device, codes


@transaction.atomic
def disable_totp(*, user: User, password: str, actor: Actor, at: datetime) -> None:
    """Turn the second factor off; asks the password, which must be long enough to stand alone.

    :raises WrongPassword: it is not the account's.
    :raises WeakPassword: it is shorter than a password without second factor must be.
    :raises SecondFactorIsOff: nothing to turn off.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    if not locked.check_password(password):
        raise WrongPassword
    deleted, _counts = TOTPDevice.objects.filter(user=user).delete()
    if not deleted:
        raise SecondFactorIsOff
    check_strength(password=password, user=locked)
    BackupCode.objects.filter(user=user).delete()
    publish("user.totp_disabled", organization_id=0, payload={"user": user.pk}, at=at)


def use_second_factor(*, user: User, code: str, actor: Actor, at: datetime) -> TOTPDevice:
    """Check a code of the authenticator, or use up a backup code; return the authenticator.

    :raises WrongCode: neither; also when the same code was used before.
    :raises SecondFactorIsOff: there is no second factor.
    """
    device = find_totp(user)
    if device is None:
        raise SecondFactorIsOff
    if _is_typed_code(code):
        if verify_token(user, device.persistent_id, code) is None:
            raise WrongCode
        return device
    with transaction.atomic():
        unused = BackupCode.objects.filter(user=user, code_hash=_hash(user, code), used_at=None)
        if not unused.update(used_at=at):
            raise WrongCode
        left = BackupCode.objects.filter(user=user, used_at=None).count()
        publish("user.backup_code_used", organization_id=0, payload={"user": user.pk, "left": left}, at=at)
    return device


@transaction.atomic
def regenerate_backup_codes(*, user: User, actor: Actor, at: datetime) -> list[str]:
    """Replace all backup codes by ten new ones, to be shown once (ACC-9).

    :raises SecondFactorIsOff: backup codes are of no use without a second factor.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if find_totp(user) is None:
        raise SecondFactorIsOff
    codes = _replace_backup_codes(user, at)
    publish("user.backup_codes_regenerated", organization_id=0, payload={"user": user.pk}, at=at)
    return codes


def _replace_backup_codes(user: User, at: datetime) -> list[str]:
    codes = make_codes()
    BackupCode.objects.filter(user=user).delete()
    BackupCode.objects.bulk_create(
        BackupCode(user=user, code_hash=_hash(user, code), created_at=at) for code in codes
    )
    return codes


def _hash(user: User, code: str) -> str:
    return hash_secret(f"{user.pk}:{normalize_code(code)}")


def _is_typed_code(code: str) -> bool:
    return len(code) == DIGITS and code.isascii() and code.isdigit()
