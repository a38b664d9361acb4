"""Handle the messages of providers that were stored and not acted upon: a crash, or no answer just then."""

from datetime import datetime

from billing.webhooks.models import ProviderEvent
from billing.webhooks.services import follow_event
from manager.kit.due import is_due

BATCH = 100


def drain_provider_events(*, at: datetime) -> int:
    """Handle all stored messages due at `at`; any number may run at once. Returns how many were handled."""
    done = 0
    seen = 0
    while True:
        waiting = ProviderEvent.objects.filter(
            is_due("due_at", at), handled_at=None, quarantined_at=None, pk__gt=seen
        ).order_by("pk")[:BATCH]
        batch = list(waiting)
        if not batch:
            return done
        for event in batch:
            done += follow_event(event=event, at=at)
        seen = batch[-1].pk
