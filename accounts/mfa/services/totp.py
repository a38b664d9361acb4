"""Verbs of authenticator apps (ACC-8).

Codes are only ever checked by django-otp's `verify_token`, which locks the row: the same code sent many
times at once succeeds once (INC-13).
"""

from datetime import datetime

from django.db import transaction
from django_otp import verify_token
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.mfa.selectors import find_pending_totp, list_totp_devices
from accounts.mfa.services.factors import finish_adding_factor
from accounts.mfa.services.refusals import SecondFactorIsOff, WrongCode
from accounts.mfa.totp import SLUG
from accounts.users.models import User
from manager.kit.actor import Actor

DIGITS = 6


@transaction.atomic
def start_totp(*, user: User, actor: Actor, at: datetime) -> TOTPDevice:
    """Make a key for an authenticator app; it counts after `enable_totp`. Earlier starts are forgotten."""
    User.objects.select_for_update().get(pk=user.pk)
    TOTPDevice.objects.filter(user=user, confirmed=False).delete()
    return TOTPDevice.objects.create(user=user, name="", confirmed=False)


def enable_totp(
    *, user: User, code: str, name: str = "", keep_session: int | None, actor: Actor, at: datetime
) -> tuple[TOTPDevice, list[str]]:
    """Add the authenticator with a first code; see `finish_adding_factor` for the codes returned.

    :raises WrongCode: the app shows another code.
    :raises SecondFactorIsOff: nothing was started.
    :raises TooManyFactors: the person has ten already.
    """
    device = find_pending_totp(user)
    if device is None:
        raise SecondFactorIsOff
    if not is_typed_code(code) or verify_token(user, device.persistent_id, code) is None:
        raise WrongCode
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        started = TOTPDevice.objects.filter(pk=device.pk, confirmed=False)
        if not started.update(confirmed=True, name=name):
            raise SecondFactorIsOff
        codes = finish_adding_factor(
            user=user, kind=SLUG, name=name, keep_session=keep_session, actor=actor, at=at
        )
    return device, codes


def use_totp(*, user: User, code: str, actor: Actor, at: datetime) -> TOTPDevice:
    """Check the code of any of the person's authenticator apps; return the one that shows it.

    :raises WrongCode: none does; also when the same code was used before.
    :raises SecondFactorIsOff: there is no authenticator app.
    """
    devices = list_totp_devices(user)
    if not devices:
        raise SecondFactorIsOff
    if is_typed_code(code):
        for device in devices:
            if verify_token(user, device.persistent_id, code) is not None:
                return device
    raise WrongCode


def is_typed_code(code: str) -> bool:
    """Return whether `code` has the form of an app's or SMS' code: six digits."""
    return len(code) == DIGITS and code.isascii() and code.isdigit()
