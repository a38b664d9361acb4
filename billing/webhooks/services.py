"""Messages of payment providers: stored once, then handled by the verb that everybody else uses (INC-23)."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from billing.gateway.abilities import ListsEvents
from billing.gateway.registry import gateway_for
from billing.gateway.vocabulary import EventKind, GatewayEvent
from billing.webhooks.acting import act_on
from billing.webhooks.models import EventSweep, ProviderEvent
from manager.kit.actor import Actor
from manager.kit.due import is_due
from manager.kit.nudge import nudge

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)
MAX_ATTEMPTS = 12

FIRST_SWEEP = timedelta(days=1)
SWEEP_EACH = timedelta(minutes=10)
OVERLAP = timedelta(minutes=10)
ON_ITS_WAY = timedelta(minutes=2)


def store_event(*, gateway: str, event: GatewayEvent, at: datetime, is_swept: bool = False) -> ProviderEvent:
    """Keep a verified message; a repeated one gives the row that is there."""
    with transaction.atomic(durable=True):
        row, _created = ProviderEvent.objects.get_or_create(
            gateway=gateway,
            reference=event.id,
            defaults={
                "kind": event.kind.value,
                "payload": {
                    "type": event.type,
                    "api_version": event.api_version,
                    "reference": event.reference,
                    "means": event.means_reference,
                    "charge": event.charge_reference,
                    "organization": _number(event.metadata.get("organization")),
                    "attempt": _number(event.metadata.get("attempt")),
                },
                "is_swept": is_swept,
                "received_at": at,
                "due_at": at,
            },
        )
    return row


def _number(text: str | None) -> int:
    """Return an id of our metadata, 0 for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0


def follow_event(*, event: ProviderEvent, at: datetime) -> bool:
    """Act on a stored message, once, and return whether this call did.

    What fails is tried again later, at growing distances; after many tries it waits for staff.
    """
    if not _take(event, at):
        return False
    try:
        act_on(event, at)
    except Exception as error:  # noqa: BLE001  (whatever one message raises must not stop the others)
        _put_off(event, error, at)
        return False
    with transaction.atomic(durable=True):
        ProviderEvent.objects.filter(pk=event.pk).update(handled_at=at, last_error="")
    return True


def _take(event: ProviderEvent, at: datetime) -> bool:
    with transaction.atomic(durable=True):
        waiting = ProviderEvent.objects.filter(
            is_due("due_at", at), pk=event.pk, handled_at=None, quarantined_at=None
        )
        return bool(waiting.update(due_at=at + LEASE, attempts=F("attempts") + 1))


def _put_off(event: ProviderEvent, error: Exception, at: datetime) -> None:
    event.refresh_from_db()
    logger.warning("The message %s could not be handled: %s", event.reference, error)
    event.last_error = f"{type(error).__name__}: {error}"[:2000]
    event.due_at = at + timedelta(seconds=15) * 2 ** min(event.attempts, 10)
    if event.attempts >= MAX_ATTEMPTS:
        event.quarantined_at = at
    event.save(update_fields=["last_error", "due_at", "quarantined_at"])


def replay_events(*, event_ids: Sequence[int], actor: Actor, at: datetime) -> int:
    """Let quarantined messages be handled again, from their first try; return how many."""
    with transaction.atomic():
        waiting = ProviderEvent.objects.filter(
            pk__in=event_ids, handled_at=None, quarantined_at__isnull=False
        )
        found = waiting.update(quarantined_at=None, attempts=0, due_at=at)
        if found:
            nudge("provider-events")
    logger.info("%s messages are handled again, asked by %s.", found, actor.name)
    return found


def sweep_events(*, gateway: str, at: datetime) -> int:
    """Store the messages in the provider's list that never arrived; return how many there were (INC-23).

    The list is read from the newest message known, with an overlap; those of the last two minutes are left
    alone, as they are on their way. They are handled as any other.

    :raises GatewayUnavailable: no answer; the next sweep begins where this one did.
    """
    provider = gateway_for(gateway)
    if not isinstance(provider, ListsEvents):
        return 0
    row, _created = EventSweep.objects.get_or_create(
        gateway=gateway, defaults={"seen_until": at - FIRST_SWEEP, "due_at": at}
    )
    if not EventSweep.objects.filter(is_due("due_at", at), pk=row.pk).update(due_at=at + SWEEP_EACH):
        return 0
    found, newest = 0, row.seen_until
    for event in provider.list_events(since=row.seen_until - OVERLAP):
        if event.kind == EventKind.OTHER or event.created > at - ON_ITS_WAY:
            continue
        newest = max(newest, event.created)
        if not ProviderEvent.objects.filter(gateway=gateway, reference=event.id).exists():
            store_event(gateway=gateway, event=event, at=at, is_swept=True)
            found += 1
    EventSweep.objects.filter(pk=row.pk).update(seen_until=newest, last_error="")
    return found
