"""Backup codes: ten, each for one sign-in when no other factor is at hand (ACC-9)."""

from datetime import datetime

from django.db import transaction
from django_otp.models import Device

from accounts.mfa.codes import make_codes, normalize_code
from accounts.mfa.factors import find_any_factor
from accounts.mfa.models import BackupCode
from accounts.mfa.services.refusals import SecondFactorIsOff, WrongCode
from accounts.users.history import publish_security_event
from accounts.users.models import User
from manager.kit.actor import Actor
from manager.kit.tokens import hash_secret


@transaction.atomic
def regenerate_backup_codes(*, user: User, actor: Actor, at: datetime) -> list[str]:
    """Replace all backup codes by ten new ones, to be shown once (ACC-9).

    :raises SecondFactorIsOff: backup codes are of no use without a second factor.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if find_any_factor(user) is None:
        raise SecondFactorIsOff
    codes = replace_backup_codes(user=user, at=at)
    publish_security_event("user.backup_codes_regenerated", user=user, actor=actor, at=at)
    return codes


@transaction.atomic
def use_backup_code(*, user: User, code: str, actor: Actor, at: datetime) -> Device:
    """Use up a backup code; return one of the person's factors, in whose place it stands.

    One update marks the row, so that the same code sent many times at once succeeds once (INC-13).

    :raises WrongCode: there is no such unused code.
    :raises SecondFactorIsOff: there is no second factor.
    """
    device = find_any_factor(user)
    if device is None:
        raise SecondFactorIsOff
    unused = BackupCode.objects.filter(user=user, code_hash=_hash(user, code), used_at=None)
    if not unused.update(used_at=at):
        raise WrongCode
    left = BackupCode.objects.filter(user=user, used_at=None).count()
    publish_security_event(
        "user.backup_code_used", user=user, actor=actor, at=at, details={"left": left}, left=left
    )
    return device


def replace_backup_codes(*, user: User, at: datetime) -> list[str]:
    """Store ten new codes instead of all earlier ones; return them. Part of a larger change."""
    codes = make_codes()
    BackupCode.objects.filter(user=user).delete()
    BackupCode.objects.bulk_create(
        BackupCode(user=user, code_hash=_hash(user, code), created_at=at) for code in codes
    )
    return codes


def _hash(user: User, code: str) -> str:
    return hash_secret(f"{user.pk}:{normalize_code(code)}")
