"""Read the messages of providers, for staff."""

from typing import Any

from django.db.models import QuerySet

from billing.webhooks.models import EventSweep, ProviderEvent

STATES: dict[str, dict[str, Any]] = {
    "quarantined": {"quarantined_at__isnull": False, "handled_at": None},
    "waiting": {"quarantined_at": None, "handled_at": None},
    "handled": {"handled_at__isnull": False},
    "swept": {"is_swept": True},
}


def list_events(*, state: str = "", search: str = "") -> QuerySet[ProviderEvent]:
    """Return the messages in a state; `search` is the provider's id of one, or a kind."""
    events = ProviderEvent.objects.filter(**STATES.get(state, {}))
    if search:
        events = events.filter(reference=search) | events.filter(kind=search)
    return events


def count_quarantined() -> int:
    """Return how many messages failed again and again and wait for staff."""
    return ProviderEvent.objects.filter(quarantined_at__isnull=False, handled_at=None).count()


def list_sweeps() -> list[EventSweep]:
    """Return how far the list of each provider was read."""
    return list(EventSweep.objects.order_by("gateway"))
