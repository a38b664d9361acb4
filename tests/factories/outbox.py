"""What waits in the outbox."""

from manager.outbox.models import Delivery, OutboxEvent, OutgoingMail


def is_drained() -> bool:
    """Return whether every event was relayed, every delivery done and every mail sent."""
    return not (
        OutboxEvent.objects.using("system").filter(relayed_at=None).exists()
        or Delivery.objects.using("system").filter(done_at=None).exists()
        or OutgoingMail.objects.using("system").filter(sent_at=None).exists()
    )
