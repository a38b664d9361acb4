"""Verbs of codes by SMS (ACC-8).

A code has six digits, works for ten minutes, once, and for five tries. It is stored hashed with the
server's key, and checked under its row's lock: the same code sent many times at once succeeds once.
"""

import secrets
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.mfa.services import SecondFactorIsOff, WrongCode, finish_adding_factor, is_typed_code
from accounts.sms.models import SmsFactor
from accounts.sms.selectors import SLUG, find_pending_sms, find_sms_factor
from accounts.users.models import User
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.outbox.sms import can_send_sms, queue_sms

CODE_LASTS = timedelta(minutes=10)
TRIES = 5


class NumberIsKnown(DomainError):
    """The person gets codes at this number already."""

    code = "number_is_known"
    status = 422
    field = "phone"
    message = gettext_lazy("You get codes at this number already.")


class SmsIsNotAvailable(DomainError):
    """Nobody can send text messages here."""

    code = "sms_not_available"
    message = gettext_lazy("Codes by SMS are not available here.")


@transaction.atomic
def start_sms(*, user: User, phone: str, name: str, actor: Actor, at: datetime) -> SmsFactor:
    """Send a first code to `phone` (E.164); the number counts only after `confirm_sms`.

    :raises NumberIsKnown: see there.
    :raises SmsIsNotAvailable: see there.
    """
    User.objects.select_for_update().get(pk=user.pk)
    if SmsFactor.objects.filter(user=user, phone=phone, confirmed=True).exists():
        raise NumberIsKnown
    SmsFactor.objects.filter(user=user, confirmed=False).delete()
    factor = SmsFactor.objects.create(user=user, phone=phone, name=name, confirmed=False)
    return send_sms_code(factor=factor, actor=actor, at=at)


@transaction.atomic
def send_sms_code(*, factor: SmsFactor, actor: Actor, at: datetime) -> SmsFactor:
    """Make a new code, in place of an earlier one, and send it in the person's language.

    The caller limits how often.

    :raises SmsIsNotAvailable: see there.
    """
    if not can_send_sms():
        raise SmsIsNotAvailable
    rows = SmsFactor.objects.select_for_update(of=("self",)).select_related("user")
    locked: SmsFactor = rows.get(pk=factor.pk)
    code = f"{secrets.randbelow(1_000_000):06d}"
    locked.code_hash = _hash(locked, code)
    locked.code_expires_at = at + CODE_LASTS
    locked.code_tries = 0
    locked.save(update_fields=["code_hash", "code_expires_at", "code_tries"])
    queue_sms(
        recipient=locked.phone,
        text=_write(code, locked.user.language),
        dedupe_key=f"sms-code:{locked.pk}:{secrets.token_hex(8)}",
        at=at,
        useless_at=locked.code_expires_at,
    )
    return locked


def confirm_sms(
    *, user: User, code: str, keep_session: int | None, actor: Actor, at: datetime
) -> tuple[SmsFactor, list[str]]:
    """Add the number that was started, with the code that it got; see `finish_adding_factor`.

    :raises WrongCode: it is not the code, has expired, or five were wrong.
    :raises SecondFactorIsOff: nothing was started.
    """
    factor = find_pending_sms(user)
    if factor is None:
        raise SecondFactorIsOff
    # A transaction of its own, so that a wrong code is counted.
    if not _take_code(factor.pk, code, at):
        raise WrongCode
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        started = SmsFactor.objects.filter(pk=factor.pk, confirmed=False)
        if not started.update(confirmed=True):
            raise SecondFactorIsOff
        codes = finish_adding_factor(
            user=user, kind=SLUG, name=factor.name, keep_session=keep_session, actor=actor, at=at
        )
    return factor, codes


def use_sms_code(*, user: User, factor_id: int, code: str, actor: Actor, at: datetime) -> SmsFactor:
    """Use up the code that was sent to one of the person's numbers; return the number.

    :raises WrongCode: it is not the code, was used already, has expired, or five were wrong.
    :raises SecondFactorIsOff: the number is not one of the person's.
    """
    factor = find_sms_factor(user, factor_id=factor_id)
    if factor is None:
        raise SecondFactorIsOff
    if not _take_code(factor.pk, code, at):
        raise WrongCode
    return factor


@transaction.atomic
def _take_code(factor_id: int, code: str, at: datetime) -> bool:
    """Check and use up a code under the row's lock; count it when it is wrong."""
    factor = SmsFactor.objects.select_for_update().filter(pk=factor_id).first()
    if factor is None or not _has_open_code(factor, at):
        return False
    if not is_typed_code(code) or not constant_time_compare(factor.code_hash, _hash(factor, code)):
        factor.code_tries += 1
        factor.save(update_fields=["code_tries"])
        return False
    factor.code_hash, factor.code_expires_at, factor.last_used_at = "", None, at
    factor.save(update_fields=["code_hash", "code_expires_at", "last_used_at"])
    return True


def _has_open_code(factor: SmsFactor, at: datetime) -> bool:
    if not factor.code_hash or factor.code_expires_at is None:
        return False
    return factor.code_expires_at > at and factor.code_tries < TRIES


def _hash(factor: SmsFactor, code: str) -> str:
    return salted_hmac("accounts.sms.code", f"{factor.pk}:{code}", algorithm="sha256").hexdigest()


def _write(code: str, language: str) -> str:
    """Return the text; its last line lets phones fill in the code on our pages only."""
    with translation.override(language):
        text = _(
            "%(code)s is your code for %(brand)s. It works for 10 minutes. "
            "Give it to nobody: we never ask for it."
        )
    host = urlsplit(settings.PUBLIC_BASE_URL).hostname
    return f"{text % {'code': code, 'brand': settings.BRAND_NAME}}\n\n@{host} #{code}"
