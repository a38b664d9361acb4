"""How tokens end: revoked, or unused for a year; and the reminders before they expire."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce, Greatest

from accounts.tokens.models import ApiToken
from accounts.tokens.status import EndReason
from accounts.users.history import publish_security_event
from manager.kit.actor import Actor
from manager.outbox.publish import publish

REMIND_DAYS = (3, 14)
UNUSED = timedelta(days=365)
BATCH = 200


@transaction.atomic
def revoke_token(*, token: ApiToken, actor: Actor, at: datetime) -> ApiToken:
    """End a token with all its secrets at once; a second time changes nothing."""
    ended = {"revoked_at": at, "ended_because": EndReason.PERSON, "previous_hash": None}
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(**ended):
        token.revoked_at = at
        named = {"name": token.name}
        publish_security_event(
            "user.api_token_revoked", user=token.user, actor=actor, at=at, details=named, token=token.pk
        )
    return token


@transaction.atomic
def remind_of_expiry(*, at: datetime) -> int:
    """Tell of tokens that expire within 14 days, and again within 3; return how many were told of.

    The row notes the reminder in the same transaction as the event, so that each is sent once.
    """
    told = 0
    for days in REMIND_DAYS:
        due = ApiToken.objects.filter(
            Q(reminded_days=None) | Q(reminded_days__gt=days),
            revoked_at=None,
            user__is_active=True,
            expires_at__gt=at,
            expires_at__lte=at + timedelta(days=days),
        )
        rows = due.select_for_update(of=("self",), skip_locked=True).order_by("pk")[:BATCH]
        for token in rows:
            token.reminded_days = days
            token.save(update_fields=["reminded_days"])
            payload = {"user": token.user_id, "token": token.pk}
            publish("user.api_token_expires_soon", organization_id=0, payload=payload, at=at)
            told += 1
    return told


@transaction.atomic
def end_unused_tokens(*, at: datetime) -> int:
    """End the tokens that nobody has used for a year; return how many."""
    last = Greatest(
        "created_at", Coalesce("last_used_at", "created_at"), Coalesce("rotated_at", "created_at")
    )
    idle = ApiToken.objects.annotate(last=last).filter(
        revoked_at=None, expires_at__gt=at, last__lte=at - UNUSED
    )
    rows = (
        idle.select_related("user").select_for_update(of=("self",), skip_locked=True).order_by("pk")[:BATCH]
    )
    ended = 0
    for token in rows:
        token.revoked_at = at
        token.ended_because = EndReason.UNUSED
        token.previous_hash = None
        token.save(update_fields=["revoked_at", "ended_because", "previous_hash"])
        publish_security_event(
            "user.api_token_disabled",
            user=token.user,
            actor=Actor.system("tokens"),
            at=at,
            details={"name": token.name},
            token=token.pk,
        )
        ended += 1
    return ended
