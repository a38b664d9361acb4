"""Verbs of people: register, confirm the address, change the profile."""

from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.users import links
from accounts.users.addresses import mask_phone, normalize_email
from accounts.users.history import publish_security_event
from accounts.users.models import User
from accounts.users.passwords import StrengthValidator
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.outbox.publish import publish

PROFILE_FIELDS = ("first_name", "last_name", "language", "time_zone", "theme")


class WeakPassword(DomainError):
    """The password is too short, guessable or has control characters."""

    code = "weak_password"
    status = 422
    field = "password"


class LinkNotValid(DomainError):
    """The link is too old, was used, or never was one of ours."""

    code = "link_not_valid"
    status = 404
    message = _("This link is no longer valid. Please ask for a new one.")


@transaction.atomic
def register_user(
    *,
    email: str,
    first_name: str,
    last_name: str,
    password: str | None,
    actor: Actor,
    at: datetime,
    phone: str = "",
    language: str = "en",
    time_zone: str = "Europe/Zurich",
    email_confirmed: bool = False,
) -> User | None:
    """Create a person with one login (ACC-1) and mail a link that confirms the address.

    Returns None where the address is somebody's login already: the owner is told by mail, and the
    caller answers exactly as for a new one (INC-8). Signing in works only after the confirmation, so
    that a stranger cannot find out by trying. `email_confirmed` is for who came by a link mailed to
    this very address. Without a password nobody can sign in until one is set by a mailed link
    (INC-9). The password is hashed in every case, which takes the same time.

    :raises WeakPassword: see StrengthValidator.
    """
    user = User(
        email=normalize_email(email),
        first_name=first_name.strip(),
        last_name=last_name.strip(),
        phone=phone,
        language=language,
        time_zone=time_zone,
        email_confirmed_at=at if email_confirmed else None,
        created_at=at,
    )
    if password is not None:
        check_strength(password=password, user=user)
    user.password = make_password(password or None)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        publish("user.registration_repeated", organization_id=0, payload={"email": user.email}, at=at)
        return None
    publish(
        "user.registered", organization_id=0, payload={"user": user.pk, "confirmed": email_confirmed}, at=at
    )
    return user


def check_strength(*, password: str, user: User) -> None:
    """Check a password before it is set.

    :raises WeakPassword: with the reason.
    """
    try:
        StrengthValidator().validate(password, user)
    except ValidationError as error:
        raise WeakPassword(error.messages[0]) from error


@transaction.atomic
def request_email_confirmation(*, user: User, at: datetime) -> None:
    """Have the confirmation link mailed again; nothing for a confirmed address."""
    if user.email_confirmed_at is None:
        publish("user.email_confirmation_requested", organization_id=0, payload={"user": user.pk}, at=at)


@transaction.atomic
def confirm_email(*, token: str, at: datetime) -> User:
    """Confirm the address that the mailed link was sent to; a second time changes nothing.

    :raises LinkNotValid: wrong, too old, or the login has another address by now.
    """
    claim = links.read_email_confirmation(token, at=at)
    user = User.objects.select_for_update().filter(pk=claim.user_id).first() if claim else None
    if claim is None or user is None or user.email != claim.email or not user.is_active:
        raise LinkNotValid
    if user.email_confirmed_at is None:
        user.email_confirmed_at = at
        user.save(update_fields=["email_confirmed_at"])
        publish("user.email_confirmed", organization_id=0, payload={"user": user.pk}, at=at)
    return user


@transaction.atomic
def update_profile(*, user: User, actor: Actor, at: datetime, **values: Any) -> User:
    """Change names, language, time zone or theme (ACC-14); what is not given stays."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    changed = [name for name in PROFILE_FIELDS if name in values and getattr(locked, name) != values[name]]
    for name in changed:
        setattr(locked, name, values[name])
    if changed:
        locked.save(update_fields=changed)
        payload = {"user": user.pk, "fields": changed}
        publish("user.profile_changed", organization_id=0, payload=payload, at=at)
    return locked


@transaction.atomic
def set_password(
    *,
    user: User,
    password: str,
    actor: Actor,
    at: datetime,
    event: str = "user.password_changed",
    programs_ended: int = 0,
) -> User:
    """Set a new password and publish `event`; the callers end the sessions, and programs on wish (ACC-5).

    `programs_ended`: how many tokens and applications, for the mail.

    :raises WeakPassword: see StrengthValidator.
    """
    check_strength(password=password, user=user)
    locked = User.objects.select_for_update().get(pk=user.pk)
    locked.password = make_password(password)
    locked.save(update_fields=["password"])
    publish_security_event(event, user=locked, actor=actor, at=at, programs_ended=programs_ended)
    return locked


@transaction.atomic
def change_phone(*, user: User, phone: str, actor: Actor, at: datetime) -> User:
    """Set the mobile number (E.164; empty removes it) and tell the person by mail.

    The number finds a forgotten login (ACC-7), so the edges ask for a fresh proof or the password.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.phone == phone:
        return locked
    before, locked.phone = locked.phone, phone
    locked.save(update_fields=["phone"])
    shown = {"before": mask_phone(before), "phone": mask_phone(phone)}
    publish_security_event("user.phone_changed", user=locked, actor=actor, at=at, details=shown, **shown)
    return locked


def set_theme(*, user: User, theme: str) -> None:
    """Remember the person's theme: light, dark or system (ACC-3)."""
    User.objects.filter(pk=user.pk).update(theme=theme)


def set_language(*, user: User, language: str) -> None:
    """Remember the person's language (ACC-3)."""
    User.objects.filter(pk=user.pk).update(language=language)
