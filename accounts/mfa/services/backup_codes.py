"""Backup codes: ten, each for one sign-in when no other factor is at hand (ACC-9)."""

import secrets
from base64 import b64encode
from datetime import datetime
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from django.contrib.auth.hashers import get_hasher
from django.db import transaction
from django_otp.models import Device

from accounts.mfa.codes import make_codes, normalize_code
from accounts.mfa.factors import find_any_factor
from accounts.mfa.models import BackupCode
from accounts.mfa.services.refusals import SecondFactorIsOff, WrongCode
from accounts.users.history import publish_security_event
from accounts.users.models import User
from manager.kit.actor import Actor

SALT_BYTES = 8
# With salt and mark it fills the column: 16 + 1 + 44 characters.
DIGEST_BYTES = 32


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
    hashes = {_hash(user, code, salt=salt) for salt in _salts(user)}
    unused = BackupCode.objects.filter(user=user, code_hash__in=hashes, used_at=None)
    if not unused.update(used_at=at):
        raise WrongCode
    left = BackupCode.objects.filter(user=user, used_at=None).count()
    publish_security_event(
        "user.backup_code_used", user=user, actor=actor, at=at, details={"left": left}, left=left
    )
    return device


def replace_backup_codes(*, user: User, at: datetime) -> list[str]:
    """Store ten new codes instead of all earlier ones; return them. Part of a larger change."""
    codes, salt = make_codes(), secrets.token_hex(SALT_BYTES)
    BackupCode.objects.filter(user=user).delete()
    BackupCode.objects.bulk_create(
        BackupCode(user=user, code_hash=_hash(user, code, salt=salt), created_at=at) for code in codes
    )
    return codes


def _salts(user: User) -> set[str]:
    """Return the salts of the person's codes: one for each set, so that a typed code is hashed once."""
    stored = BackupCode.objects.filter(user=user, used_at=None).values_list("code_hash", flat=True)
    return {code_hash.partition("$")[0] for code_hash in stored}


def _hash(user: User, code: str, *, salt: str) -> str:
    """Return what is stored of a code: salted and slow, as people can keep no longer codes than these."""
    hasher: Any = get_hasher()
    digest = hash_secret_raw(
        f"{user.pk}:{normalize_code(code)}".encode(),
        salt.encode(),
        time_cost=hasher.time_cost,
        memory_cost=hasher.memory_cost,
        parallelism=hasher.parallelism,
        hash_len=DIGEST_BYTES,
        type=Type.ID,
    )
    return f"{salt}${b64encode(digest).decode()}"
