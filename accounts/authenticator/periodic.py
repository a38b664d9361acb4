"""The authenticator's part of the periodic work."""

from datetime import datetime

from django.db import transaction

from accounts.authenticator.models import ApprovalRequest
from accounts.authenticator.push import send_push
from accounts.authenticator.selectors import list_phones_to_push
from accounts.authenticator.services.expire import delete_leftovers, expire_requests
from accounts.authenticator.status import ApprovalStatus
from manager.kit.clock import now

BATCH = 20


def drain_pushes(*, at: datetime) -> int:
    """Wake the phones of those who have just been asked; return how many requests were told.

    Each is told once: it is marked before, as a push that comes twice or late is worth nothing.
    """
    told = 0
    while requests := _take(at):
        told += len(requests)
        for request in requests:
            for phone in list_phones_to_push(user_id=request.user_id):
                send_push(phone=phone, request=request)
    return told


def drain_stale_requests(*, at: datetime) -> int:
    """End requests whose two minutes are over, and delete what is left over; return how many.

    A moment that is still to come ends nobody's request: people answer by the real clock.
    """
    instant = min(at, now())
    done = 0
    while count := expire_requests(at=instant):
        done += count
    return done + delete_leftovers(at=instant)


def _take(at: datetime) -> list[ApprovalRequest]:
    with transaction.atomic():
        waiting = ApprovalRequest.objects.filter(
            status=ApprovalStatus.PENDING, pushed_at=None, expires_at__gt=at
        )
        requests = list(waiting.select_for_update(skip_locked=True).order_by("created_at")[:BATCH])
        ApprovalRequest.objects.filter(pk__in=[request.pk for request in requests]).update(pushed_at=at)
    return requests
