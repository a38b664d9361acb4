"""Verbs of sessions and devices."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.sessions.agents import name_browser, name_system
from accounts.sessions.models import Device, Session
from accounts.users.history import publish_security_event
from accounts.users.models import User
from manager.kit.actor import Actor
from manager.kit.tokens import hash_secret, make_secret
from manager.outbox.publish import publish


@transaction.atomic
def recognize_device(
    *, user: User, secrets: Sequence[str], actor: Actor, at: datetime
) -> tuple[Device, str | None]:
    """Return the device of a sign-in; a new one comes with its secret, for the cookie.

    A browser that shows none of the person's secrets is new: it always gets a secret of our own
    making, and `user.signed_in_from_new_device` tells the person (ACC-11).
    """
    hashes = [hash_secret(secret) for secret in secrets]
    known = Device.objects.filter(user=user, secret_hash__in=hashes).first()
    seen = {
        "browser": name_browser(actor.agent),
        "system": name_system(actor.agent),
        "address": actor.address,
        "last_seen_at": at,
    }
    if known is not None:
        Device.objects.filter(pk=known.pk).update(**seen)
        return known, None
    secret = make_secret()
    device = Device.objects.create(user=user, secret_hash=hash_secret(secret), first_seen_at=at, **seen)
    publish_security_event("user.signed_in_from_new_device", user=user, actor=actor, at=at, device=device.pk)
    return device, secret


def start_session(
    *, session_id: int, user: User, device: Device, actor: Actor, at: datetime, factor: str = ""
) -> None:
    """Note on a fresh session, and in the person's history, who opened it, where and when (ACC-14).

    `factor` is the kind of second factor that was given, empty where none was asked.
    """
    publish_security_event("user.signed_in", user=user, actor=actor, at=at, details={"factor": factor})
    Session.objects.filter(pk=session_id).update(
        user=user, device=device, address=actor.address, agent=actor.agent, created_at=at, last_seen_at=at
    )


@transaction.atomic
def revoke_session(*, session: Session, actor: Actor, at: datetime) -> None:
    """End one of the person's sessions; its browser is signed out at its next request (ACC-14)."""
    deleted, _ = Session.objects.filter(pk=session.pk).delete()
    if deleted and session.user is not None:
        if session.device_id is not None:
            Device.objects.filter(pk=session.device_id).update(remembered_until=None)
        _tell_revoked(session.user, 1, actor, at)


@transaction.atomic
def revoke_other_sessions(*, user: User, keep: int | None, actor: Actor, at: datetime) -> int:
    """End all sessions of the person but `keep`, on the person's wish; return how many (ACC-14)."""
    count = end_sessions(user=user, keep=keep)
    if count:
        _tell_revoked(user, count, actor, at)
    return count


def _tell_revoked(user: User, count: int, actor: Actor, at: datetime) -> None:
    facts = {"count": count}
    publish_security_event("user.sessions_revoked", user=user, actor=actor, at=at, details=facts, **facts)


def end_sessions(*, user: User, keep: int | None = None) -> int:
    """Delete the person's sessions but `keep`, as part of a larger change that tells of itself.

    Every device is asked for the second factor again, also the one that keeps its session.
    """
    Device.objects.filter(user=user, remembered_until__isnull=False).update(remembered_until=None)
    doomed = Session.objects.filter(user=user)
    if keep is not None:
        doomed = doomed.exclude(pk=keep)
    return doomed.delete()[0]


@transaction.atomic
def end_all_sessions() -> int:
    """End every session of everybody and forget all devices, after an incident; return how many sessions."""
    Device.objects.filter(remembered_until__isnull=False).update(remembered_until=None)
    return Session.objects.filter(user__isnull=False).delete()[0]


@transaction.atomic
def report_failed_sign_in(*, email: str, actor: Actor, at: datetime) -> None:
    """Note that a sign-in failed; the same work whether the login has an owner or not (INC-8, ACC-14)."""
    payload = {"email": email, "address": actor.address, "agent": actor.agent}
    publish("user.sign_in_failed", organization_id=0, payload=payload, at=at)


@transaction.atomic
def report_locked_login(*, email: str, actor: Actor, at: datetime) -> None:
    """Have the owner of a login told that its sign-in is locked, if it has an owner (ACC-17)."""
    publish(
        "user.sign_in_locked", organization_id=0, payload={"email": email, "address": actor.address}, at=at
    )


def delete_expired_sessions(*, at: datetime) -> int:
    """Delete the sessions that have expired at `at`; return how many."""
    return Session.objects.filter(expires_at__lte=at).delete()[0]
