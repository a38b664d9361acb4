"""Carry events to their handlers, so that a crash at any point loses nothing and repeats nothing.

Two steps, each with `FOR UPDATE SKIP LOCKED`, so that any number of relays work side by side:
spread an event into one delivery per handler, then run each delivery under its row's lock, in the
event's scope, in one transaction with its done mark.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from manager.kit.due import is_due
from manager.kit.points import reach
from manager.kit.scope import tenant_scope
from manager.outbox.models import Delivery, OutboxEvent
from manager.outbox.registry import handler_called, handlers_of, name_of, uninterested

logger = logging.getLogger(__name__)

BATCH = 200
MAX_ATTEMPTS = 8
FIRST_RETRY = timedelta(seconds=30)


def drain_outbox(*, at: datetime) -> int:
    """Relay all events and run all deliveries due at `at`; return how many deliveries were done."""
    done = 0
    while spread_events(at=at):
        pass
    while ids := _due_deliveries(at):
        finished = sum(
            deliver(delivery_id=pk, organization_id=organization, at=at) for pk, organization in ids
        )
        done += finished
        if not finished:
            break
        while spread_events(at=at):
            pass
    return done


def spread_events(*, at: datetime) -> int:
    """Make the deliveries of up to a batch of new events; return how many events were taken."""
    with transaction.atomic(using="system"):
        events = list(
            OutboxEvent.objects.using("system")
            .select_for_update(skip_locked=True)
            .filter(relayed_at=None)
            .order_by("created_at")[:BATCH]
        )
        unwanted = uninterested(events)
        Delivery.objects.using("system").bulk_create(
            [
                Delivery(
                    event=event,
                    handler=name_of(handler),
                    organization_id=event.organization_id,
                    due_at=event.created_at,
                )
                for event in events
                for handler in handlers_of(event.name)
                if (handler, event.organization_id) not in unwanted
            ],
            ignore_conflicts=True,
        )
        OutboxEvent.objects.using("system").filter(pk__in=[event.pk for event in events]).update(
            relayed_at=at
        )
    return len(events)


def _due_deliveries(at: datetime) -> list[tuple[int, int]]:
    waiting = Delivery.objects.using("system").filter(is_due("due_at", at), done_at=None, quarantined_at=None)
    return list(waiting.order_by("due_at", "pk").values_list("pk", "organization_id")[:BATCH])


def deliver(*, delivery_id: int, organization_id: int, at: datetime) -> bool:
    """Run one delivery; return whether it was done here. A failing one is tried again later.

    After eight failures it goes to the quarantine, where staff see it with its last error.
    """
    try:
        with tenant_scope(organization_id), transaction.atomic():
            delivery = (
                Delivery.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("event")
                .filter(pk=delivery_id, done_at=None, quarantined_at=None)
                .first()
            )
            if delivery is None:
                return False
            handler_called(delivery.handler)(delivery.event)
            reach("relay.handled", organization_id)
            delivery.done_at = at
            delivery.save(update_fields=["done_at"])
    except Exception as error:  # whatever a handler raises must not stop the others
        logger.exception("The delivery %s failed.", delivery_id)
        _note_failure(delivery_id, organization_id, error, at)
        return False
    return True


def _note_failure(delivery_id: int, organization_id: int, error: Exception, at: datetime) -> None:
    with tenant_scope(organization_id), transaction.atomic():
        delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
        delivery.attempts += 1
        delivery.last_error = f"{type(error).__name__}: {error}"[:2000]
        delivery.due_at = at + FIRST_RETRY * 2 ** (delivery.attempts - 1)
        if delivery.attempts >= MAX_ATTEMPTS:
            delivery.quarantined_at = at
        delivery.save(update_fields=["attempts", "last_error", "due_at", "quarantined_at"])
