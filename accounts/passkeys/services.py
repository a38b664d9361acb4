"""Verbs of passkeys (ACC-8): register, and sign in with one.

Each answer of a browser uses up its challenge first, in a transaction of its own, so that neither a
repeated nor a refused answer can be tried again (INC-18).
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django_otp_webauthn.exceptions import OTPWebAuthnApiError
from django_otp_webauthn.models import WebAuthnCredential
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException

from accounts.mfa.services import finish_adding_factor
from accounts.passkeys.ceremony import Ceremony, is_handle_of
from accounts.passkeys.models import PasskeyChallenge
from accounts.users.models import User
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.tokens import hash_secret

SLUG = "passkey"
REGISTER, SIGN_IN = "register", "sign-in"
CHALLENGE_LASTS = timedelta(minutes=5)
# What a browser's answer may be wrong by: signature, challenge, origin, or its very form.
WRONG = (OTPWebAuthnApiError, WebAuthnException, ValueError, TypeError, KeyError, AttributeError, IndexError)

State = dict[str, Any]


class PasskeyRefused(DomainError):
    """The browser sent no answer of this passkey to our challenge, or too late, or for a second time."""

    code = "passkey_refused"
    status = 422
    message = _("This passkey was not accepted. Please try again.")


class PasskeyIsKnown(DomainError):
    """The passkey has been added already."""

    code = "passkey_is_known"
    status = 422
    message = _("This passkey has been added already.")


def start_passkey(*, user: User, actor: Actor, at: datetime) -> tuple[dict[str, Any], State]:
    """Return the browser's options for a new passkey, and what its answer is checked by."""
    options, state = Ceremony().register_begin(user)
    _note_challenge(state, purpose=REGISTER, user=user, at=at)
    return options, state


def add_passkey(
    *,
    user: User,
    state: State | None,
    answer: dict[str, Any],
    name: str,
    keep_session: int | None,
    actor: Actor,
    at: datetime,
) -> tuple[WebAuthnCredential, list[str]]:
    """Add the passkey that the browser made; see `finish_adding_factor` for the codes returned.

    :raises PasskeyRefused: see there.
    :raises PasskeyIsKnown: see there.
    """
    checked = _use_up_challenge(state, purpose=REGISTER, user=user, at=at)
    try:
        with transaction.atomic():
            User.objects.select_for_update().get(pk=user.pk)
            credential = Ceremony(name=name).register_complete(user, checked, answer)
            codes = finish_adding_factor(
                user=user, kind=SLUG, name=name, keep_session=keep_session, actor=actor, at=at
            )
    except IntegrityError as error:
        raise PasskeyIsKnown from error
    except WRONG as error:
        raise PasskeyRefused from error
    return credential, codes


def ask_passkey(*, user: User | None, at: datetime) -> tuple[dict[str, Any], State]:
    """Return the browser's options for signing in: with one of `user`'s passkeys, or with any of ours."""
    options, state = Ceremony().authenticate_begin(user=user, require_user_verification=True)
    _note_challenge(state, purpose=SIGN_IN, user=user, at=at)
    return options, state


def use_passkey(
    *, user: User | None, state: State | None, answer: dict[str, Any], at: datetime
) -> WebAuthnCredential:
    """Check the browser's answer; return the passkey, whose owner has been verified by the device.

    With `user` the passkey must be that person's.

    :raises PasskeyRefused: see there.
    """
    checked = _use_up_challenge(state, purpose=SIGN_IN, user=user, at=at)
    try:
        with transaction.atomic():
            raw_id = base64url_to_bytes(answer["rawId"])
            digest = WebAuthnCredential.get_credential_id_sha256(raw_id)
            locked = WebAuthnCredential.objects.select_for_update(of=("self",)).select_related("user")
            found = locked.filter(credential_id_sha256=digest, confirmed=True).first()
            if found is None or not found.user.is_active or found.user.email_confirmed_at is None:
                raise PasskeyRefused
            handle = answer["response"].get("userHandle")
            if not is_handle_of(found.user, base64url_to_bytes(handle) if handle else None):
                raise PasskeyRefused
            return Ceremony().authenticate_complete(user, checked, answer)
    except WRONG as error:
        raise PasskeyRefused from error


def delete_expired_challenges(*, at: datetime) -> int:
    """Delete the challenges that nobody answered in time; return how many."""
    return PasskeyChallenge.objects.filter(expires_at__lte=at).delete()[0]


def _note_challenge(state: State, *, purpose: str, user: User | None, at: datetime) -> None:
    PasskeyChallenge.objects.create(
        challenge_hash=hash_secret(state["challenge"]),
        purpose=purpose,
        user=user,
        expires_at=at + CHALLENGE_LASTS,
    )


def _use_up_challenge(state: State | None, *, purpose: str, user: User | None, at: datetime) -> State:
    """Delete the challenge's row; whoever deletes it may go on."""
    if state is None:
        raise PasskeyRefused
    row = PasskeyChallenge.objects.filter(challenge_hash=hash_secret(state["challenge"]), purpose=purpose)
    deleted, _counts = row.filter(user=user, expires_at__gt=at).delete()
    if not deleted:
        raise PasskeyRefused
    return {**state, "require_user_verification": True}
