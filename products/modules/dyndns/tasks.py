"""What follows from events: a domain that was received has no devices of its giver."""

from manager.outbox.models import OutboxEvent
from products.modules.dyndns.models import DynamicHost


def forget_hosts(event: OutboxEvent) -> None:
    """Take the names away from the giver's devices, however late or often this runs."""
    hosts = DynamicHost.objects.filter(
        organization_id=event.organization_id, product_id=event.payload["product"]
    )
    hosts.filter(created_at__lt=event.created_at).delete()
