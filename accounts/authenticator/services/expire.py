"""Tidy up: requests that nobody answered, offers that nobody took, phones that nobody confirmed."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.authenticator.models import ApprovalRequest, LinkedPhone, PhoneOffer
from accounts.authenticator.status import OPEN, TRANSITIONS, ApprovalStatus
from manager.kit.status import transition

BATCH = 200
KEPT = timedelta(days=30)
UNCONFIRMED = timedelta(hours=1)


@transaction.atomic
def expire_requests(*, at: datetime) -> int:
    """End the open requests whose time is over; return how many, at most 200 at once."""
    over = ApprovalRequest.objects.filter(status__in=OPEN, expires_at__lte=at).order_by("expires_at")
    requests = list(over.select_for_update(skip_locked=True)[:BATCH])
    for request in requests:
        transition(request, ApprovalStatus.EXPIRED, TRANSITIONS)
        request.save(update_fields=["status"])
    return len(requests)


def delete_leftovers(*, at: datetime) -> int:
    """Delete old requests and offers, and phones that took an offer but were never confirmed."""
    old_requests = ApprovalRequest.objects.filter(expires_at__lt=at - KEPT).exclude(status__in=OPEN)
    old_offers = PhoneOffer.objects.filter(expires_at__lt=at - UNCONFIRMED)
    old_phones = LinkedPhone.objects.filter(confirmed=False, created_at__lt=at - UNCONFIRMED)
    return sum(old.delete()[0] for old in (old_requests, old_offers, old_phones))
