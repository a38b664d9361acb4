"""Forget old history."""

from datetime import datetime, timedelta

from accounts.users.models import SecurityEvent

KEPT = timedelta(days=396)
BATCH = 5000


def drain_old_history(*, at: datetime) -> int:
    """Delete events older than 13 months from people's histories; return how many."""
    old = SecurityEvent.objects.filter(created_at__lt=at - KEPT).order_by("pk").values_list("pk", flat=True)
    return SecurityEvent.objects.filter(pk__in=list(old[:BATCH])).delete()[0]
