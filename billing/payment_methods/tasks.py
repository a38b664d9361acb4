"""What follows for saved means: the end of an organization, cards that end."""

from billing.gateway.errors import GatewayRefused
from billing.gateway.registry import gateway_for
from billing.payment_methods.emails import email_expires_soon
from billing.payment_methods.models import PaymentMethod
from billing.payment_methods.services import note_removed
from manager.kit.actor import Actor
from manager.outbox.models import OutboxEvent

ACTOR = Actor.system("deletion")


def forget_methods(event: OutboxEvent) -> None:
    """On `organization.deleted`: remove every saved means, here and at its provider.

    When the provider does not answer, the event is delivered again; one that it does not know any more is
    gone.
    """
    methods = PaymentMethod.objects.filter(organization_id=event.organization_id, removed_at=None)
    for method in methods.order_by("id"):
        row = note_removed(method=method, actor=ACTOR, at=event.created_at)
        if row.is_prepaid:
            continue
        key = f"detach-{row.organization_id}-{row.pk}-deleted"
        try:
            gateway_for(row.gateway).detach_means(means_reference=row.reference, idempotency_key=key)
        except GatewayRefused:
            continue


def email_ending_cards(event: OutboxEvent) -> None:
    """On `payment_method.expires_soon`: tell the billing contacts; not of what was removed meanwhile."""
    methods = PaymentMethod.objects.filter(
        organization_id=event.organization_id, pk__in=event.payload["methods"], removed_at=None
    )
    if found := list(methods.order_by("expiry_year", "expiry_month", "id")):
        email_expires_soon(event=event, methods=found)
