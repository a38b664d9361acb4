"""What follows from payments: their fee is asked for. Repeating it changes nothing."""

from billing.payments.models import PaymentAttempt
from billing.refunds.fees import ask_later
from manager.outbox.models import OutboxEvent


def note_fee_due(event: OutboxEvent) -> None:
    """On `payment.succeeded`: what the provider keeps of it is asked for by the periodic work."""
    attempt = PaymentAttempt.objects.get(organization_id=event.organization_id, pk=event.payload["attempt"])
    ask_later(attempt=attempt, at=event.created_at)
