"""Handle the messages of providers that were stored and not acted upon: a crash, or no answer just then."""

import logging
from datetime import datetime

from billing.gateway.registry import all_gateways
from billing.webhooks.models import EventSweep, ProviderEvent
from billing.webhooks.services import follow_event, sweep_events
from manager.kit.due import is_due
from manager.kit.errors import DomainError

logger = logging.getLogger(__name__)

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


def sweep_provider_events(*, at: datetime) -> int:
    """Find the messages that never arrived in the lists of all providers; return how many (INC-23)."""
    found = 0
    for gateway in all_gateways():
        try:
            found += sweep_events(gateway=gateway.name, at=at)
        except DomainError as error:
            logger.warning("The messages of %s could not be listed: %s", gateway.name, error)
            EventSweep.objects.filter(gateway=gateway.name).update(last_error=str(error)[:200])
    return found
