"""Messages of payment providers: stored once, then handled by the verb that everybody else uses (INC-23)."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from billing.gateway.vocabulary import EventKind, GatewayEvent
from billing.payment_methods.models import MethodSetup, PaymentMethod
from billing.payment_methods.services import note_removed, refresh_method
from billing.payment_methods.setups import finish_setup
from billing.payments.models import PaymentAttempt
from billing.payments.services import refresh_attempt
from billing.webhooks.models import ProviderEvent
from manager.kit.actor import Actor
from manager.kit.due import is_due
from manager.kit.scope import tenant_scope

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=120)
MAX_ATTEMPTS = 12

PAYMENT_KINDS = frozenset(
    {
        EventKind.CHARGE_SUCCEEDED,
        EventKind.CHARGE_FAILED,
        EventKind.CHARGE_REQUIRES_ACTION,
        EventKind.CHARGE_PENDING,
        EventKind.CHARGE_CANCELED,
        EventKind.CHECKOUT_COMPLETED,
        EventKind.CHECKOUT_EXPIRED,
    }
)
SETUP_KINDS = frozenset({EventKind.SETUP_COMPLETED, EventKind.SETUP_EXPIRED})


def store_event(*, gateway: str, event: GatewayEvent, at: datetime) -> ProviderEvent:
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
                    "organization": _number(event.metadata.get("organization")),
                    "attempt": _number(event.metadata.get("attempt")),
                },
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
        _act(event, at)
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


def _act(event: ProviderEvent, at: datetime) -> None:
    actor = Actor.provider(event.gateway)
    organization_id = event.payload["organization"]
    if event.kind in PAYMENT_KINDS and not organization_id:
        _act_on_reference(event, actor, at)
    elif event.kind in PAYMENT_KINDS:
        with tenant_scope(organization_id):
            attempt = PaymentAttempt.objects.filter(
                organization_id=organization_id, pk=event.payload["attempt"], gateway=event.gateway
            ).first()
            if attempt is not None:
                refresh_attempt(attempt=attempt, actor=actor, at=at)
    elif event.kind in SETUP_KINDS:
        with tenant_scope(organization_id):
            setup = MethodSetup.objects.filter(
                organization_id=organization_id, pk=event.payload["attempt"], gateway=event.gateway
            ).first()
            if setup is not None:
                finish_setup(setup=setup, actor=actor, at=at, reference=event.payload["reference"])
    elif event.kind in (EventKind.MEANS_UPDATED, EventKind.MEANS_REMOVED):
        _act_on_means(event, actor, at)


def _act_on_reference(event: ProviderEvent, actor: Actor, at: datetime) -> None:
    """Follow a payment or a saved means whose message names the provider's object and nothing of ours."""
    mine = {"gateway": event.gateway, "reference": event.payload["reference"]}
    for attempt in PaymentAttempt.objects.using("system").filter(**mine):
        with tenant_scope(attempt.organization_id):
            refresh_attempt(
                attempt=PaymentAttempt.objects.get(pk=attempt.pk, organization_id=attempt.organization_id),
                actor=actor,
                at=at,
            )
    for setup in MethodSetup.objects.using("system").filter(**mine):
        with tenant_scope(setup.organization_id):
            finish_setup(
                setup=MethodSetup.objects.get(pk=setup.pk, organization_id=setup.organization_id),
                actor=actor,
                at=at,
            )


def _act_on_means(event: ProviderEvent, actor: Actor, at: datetime) -> None:
    """Follow a means that the network or the bank has changed; the message names no organization."""
    known = PaymentMethod.objects.using("system").filter(
        gateway=event.gateway, reference=event.payload["means"], removed_at=None
    )
    for found in known:
        with tenant_scope(found.organization_id):
            method = PaymentMethod.objects.get(pk=found.pk)
            if event.kind == EventKind.MEANS_REMOVED:
                note_removed(method=method, actor=actor, at=at)
            else:
                refresh_method(method=method, actor=actor, at=at)
