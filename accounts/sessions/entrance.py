"""The edge at which a person comes in: session, known device, and the wait for the second factor."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import django_otp
from django.conf import settings
from django.contrib.auth import login, update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django_otp.models import Device as Factor

from accounts.sessions.guards import actor_of
from accounts.sessions.models import Device as KnownDevice
from accounts.sessions.redirects import local_path
from accounts.sessions.remembering import remember_device
from accounts.sessions.services import recognize_device, start_session
from accounts.sessions.sudo import note_proof, note_stand_in
from accounts.users.models import User
from manager.kit.tokens import hash_secret

BACKEND = "django.contrib.auth.backends.ModelBackend"
WAITING = "waiting_for_second_factor"
WAIT = timedelta(minutes=10)
DEVICE_AGE_SECONDS = 60 * 60 * 24 * 365 * 2
# People who share a browser each have a secret in its cookie.
SECRETS_IN_COOKIE = 5


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who has given the password and still owes the second factor, and where he or she wants to go."""

    user: User
    came_for: str


def device_secrets(request: HttpRequest) -> list[str]:
    """Return the secrets by which this browser may be known."""
    cookie = request.COOKIES.get(_cookie_name(), "")
    return [secret for secret in cookie[:1000].split(".") if secret][:SECRETS_IN_COOKIE]


def wait_for_second_factor(request: HttpRequest, *, user: User, came_for: str, at: datetime) -> None:
    """Remember in the session, under a new key, that the password was right. Nobody is signed in yet.

    The note ends with the password, so that a change of it ends the wait, too.
    """
    request.session.flush()
    request.session[WAITING] = {
        "user": user.pk,
        "until": (at + WAIT).timestamp(),
        "hash": user.get_session_auth_hash(),
        "came_for": came_for,
    }


def find_waiting(request: HttpRequest, *, at: datetime) -> Waiting | None:
    """Return who waits in this session, or None after ten minutes or a changed password."""
    note: dict[str, Any] | None = request.session.get(WAITING)
    if note is None or at.timestamp() > note["until"]:
        return None
    user = User.objects.filter(pk=note["user"], is_active=True).first()
    if user is None or user.get_session_auth_hash() != note["hash"]:
        return None
    return Waiting(user, local_path(note["came_for"]))


def enter(
    request: HttpRequest,
    *,
    user: User,
    came_for: str,
    at: datetime,
    factor: Factor | None = None,
    remember: bool = False,
    stands_in: KnownDevice | None = None,
) -> HttpResponse:
    """Sign a person in who has given everything asked for, and go where he or she wanted.

    The session gets a new key. Session, device and the event of a new device are one transaction, so
    that the security mail goes out exactly once.

    `remember`: from now on this device stands in for the second factor, which was just given (never for
    staff). `stands_in` is such a device: the session then proves nothing yet to sensitive pages.
    """
    actor = actor_of(request, user)
    with transaction.atomic():
        request.session.pop(WAITING, None)
        login(request, user, backend=BACKEND)
        if factor is not None:
            django_otp.login(request, factor)
        if stands_in is None:
            note_proof(request, at=at, by_factor=factor is not None)
        else:
            note_stand_in(request)
        request.session.save()
        device, secret = recognize_device(user=user, secrets=device_secrets(request), actor=actor, at=at)
        start_session(
            session_id=_row_id(request),
            user=user,
            device=device,
            actor=actor,
            at=at,
            factor=type(factor).__name__ if factor is not None else "device" if stands_in else "",
        )
        if remember and factor is not None and not user.is_staff:
            secret = remember_device(device=device, actor=actor, at=at)
    response = HttpResponseRedirect(local_path(came_for))
    if secret is not None:
        _remember(request, response, secret, instead_of=device.secret_hash)
    return response


def renew_session(request: HttpRequest, *, user: User) -> None:
    """Give this session a new key after a change of how the person signs in.

    What the old cookie knows opens nothing more. The verb before has ended the other sessions with
    `end_sessions(user=…, keep=current_session_id(request))`, in the transaction of its change.
    """
    update_session_auth_hash(request, user)


def current_session_id(request: HttpRequest) -> int | None:
    """Return the row id of the request's session: the one that stays when others are ended."""
    return getattr(request.session, "row_id", None)


def _row_id(request: HttpRequest) -> int:
    return int(current_session_id(request) or 0)


def _remember(request: HttpRequest, response: HttpResponse, secret: str, *, instead_of: str) -> None:
    others = [other for other in device_secrets(request) if hash_secret(other) != instead_of]
    kept = [secret, *others][:SECRETS_IN_COOKIE]
    response.set_cookie(
        _cookie_name(),
        ".".join(kept),
        max_age=DEVICE_AGE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _cookie_name() -> str:
    return "__Host-devices" if settings.SESSION_COOKIE_SECURE else "devices"
