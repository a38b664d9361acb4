"""The secret address of a member's calendar of expiries: made, made anew, and ended."""

from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.tokens import hash_secret, make_secret
from organizations.audit.services import record_audit
from organizations.members.models import Membership
from products.lists.models import ExpiryFeed


@transaction.atomic
def make_calendar(*, membership: Membership, actor: Actor, at: datetime) -> str:
    """Return the secret of the member's calendar, made anew: an older address stops to work at once."""
    secret = make_secret()
    feed, _made = ExpiryFeed.objects.update_or_create(
        organization_id=membership.organization_id,
        membership=membership,
        defaults={"digest": hash_secret(secret), "created_at": at, "last_read_at": None},
    )
    record_audit(
        organization_id=membership.organization_id, name="calendar.made", actor=actor, at=at, subject=feed
    )
    return secret


@transaction.atomic
def end_calendar(*, membership: Membership, actor: Actor, at: datetime) -> None:
    """Let the member's calendar end; nothing happens where there is none."""
    feed = ExpiryFeed.objects.filter(
        organization_id=membership.organization_id, membership_id=membership.pk
    ).first()
    if feed is None:
        return
    record_audit(
        organization_id=membership.organization_id, name="calendar.ended", actor=actor, at=at, subject=feed
    )
    feed.delete()
