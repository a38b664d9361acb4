"""What follows from a message of a payment provider: the current object is asked for, never the message."""

from datetime import datetime

from billing.disputes.services import follow_dispute
from billing.gateway.vocabulary import EventKind
from billing.payment_methods.models import MethodSetup, PaymentMethod
from billing.payment_methods.services import note_removed, refresh_method
from billing.payment_methods.setups import finish_setup
from billing.payments.models import PaymentAttempt
from billing.payments.services import refresh_attempt
from billing.refunds.models import Refund
from billing.refunds.services import note_returned
from billing.refunds.status import RefundStatus
from billing.webhooks.models import ProviderEvent
from manager.kit.actor import Actor
from manager.kit.nudge import nudge
from manager.kit.scope import tenant_scope

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


def act_on(event: ProviderEvent, at: datetime) -> None:
    """Follow the current object that a stored message speaks of; what it does not know, it leaves."""
    actor = Actor.provider(event.gateway)
    organization_id = event.payload["organization"]
    if (event.kind in PAYMENT_KINDS or event.kind in SETUP_KINDS) and not organization_id:
        _act_on_reference(event, actor, at)
    elif event.kind in PAYMENT_KINDS or event.kind in SETUP_KINDS:
        with tenant_scope(organization_id):
            _act_on_payment(event, organization_id, actor, at)
    elif event.kind in {EventKind.MEANS_UPDATED, EventKind.MEANS_REMOVED}:
        _act_on_means(event, actor, at)
    elif event.kind == EventKind.REFUND_UPDATED:
        _act_on_refund(event, actor, at)
    elif event.kind == EventKind.DISPUTE_CHANGED:
        follow_dispute(
            gateway=event.gateway,
            reference=event.payload["reference"],
            charge_reference=event.payload.get("charge", ""),
            actor=actor,
            at=at,
        )


def _act_on_payment(event: ProviderEvent, organization_id: int, actor: Actor, at: datetime) -> None:
    """Look at the attempt, or at the means being saved, that the message names."""
    named = {"pk": event.payload["attempt"], "gateway": event.gateway}
    if event.kind in PAYMENT_KINDS:
        attempt = PaymentAttempt.objects.filter(organization_id=organization_id, **named).first()
        if attempt is not None:
            refresh_attempt(attempt=attempt, actor=actor, at=at)
        return
    setup = MethodSetup.objects.filter(organization_id=organization_id, **named).first()
    if setup is not None:
        finish_setup(setup=setup, actor=actor, at=at, reference=event.payload["reference"])


def _act_on_refund(event: ProviderEvent, actor: Actor, at: datetime) -> None:
    """Let a refund that the provider carries out be asked for now, and look at one that it has made.

    A message without our metadata names the provider's own object.
    """
    refunds = Refund.objects.using("system").filter(attempt__gateway=event.gateway)
    if event.payload["organization"]:
        found = refunds.filter(organization_id=event.payload["organization"], pk=event.payload["attempt"])
    else:
        found = refunds.filter(reference=event.payload["reference"]).exclude(reference="")
    for organization_id, pk in found.values_list("organization_id", "pk"):
        with tenant_scope(organization_id):
            rows = Refund.objects.filter(organization_id=organization_id, pk=pk)
            if rows.filter(status=RefundStatus.PENDING).update(lease_until=at):
                nudge("refunds")
            else:
                note_returned(refund=rows.select_related("attempt", "organization").get(), actor=actor, at=at)


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
