"""What messages to customers' endpoints tell of a product: what the REST API shows of it (API-6)."""

from typing import Any

from manager.outbox.models import OutboxEvent
from organizations.webhooks.catalogue import register_writer
from products.inventory.api import ProductOutput
from products.inventory.models import Product


def write_product(event: OutboxEvent) -> dict[str, Any] | None:
    """Return the product as it is now; None when another organization has it meanwhile."""
    product = (
        Product.objects.select_related("plan__family", "organization")
        .filter(organization_id=event.organization_id, pk=event.payload["product"])
        .first()
    )
    return None if product is None else dict(ProductOutput(product).data)


register_writer("product", write_product)
