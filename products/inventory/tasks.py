"""What the life of a product causes elsewhere: its service follows its status."""

from manager.outbox.models import OutboxEvent
from products.inventory.models import Product
from products.inventory.status import ProductStatus
from products.provisioning.services import want_change, want_service
from products.provisioning.states import ServiceState

WANTED = {
    ProductStatus.ACTIVE: ServiceState.RUNNING,
    ProductStatus.SUSPENDED: ServiceState.SUSPENDED,
    ProductStatus.REDEMPTION: ServiceState.SUSPENDED,
    ProductStatus.TERMINATED: ServiceState.GONE,
    ProductStatus.RELEASED: ServiceState.GONE,
}


def update_service(event: OutboxEvent) -> None:
    """Want of the product's service what its present status asks for, however late or often this runs."""
    product = (
        Product.objects.select_related("plan")
        .filter(pk=event.payload["product"], organization_id=event.organization_id)
        .first()
    )
    if product is None:  # it went to another organization, where `product.received` looks after it
        return
    wanted = WANTED.get(ProductStatus(product.status))
    if product.restorable_until is not None:  # it may still be restored: nothing is removed yet
        wanted = ServiceState.SUSPENDED
    if wanted is not None:
        want_service(
            organization_id=product.organization_id,
            product_id=product.pk,
            kind=product.plan.kind,
            wanted=wanted,
            at=event.created_at,
        )


def change_service(event: OutboxEvent) -> None:
    """Have the product's service fit the offer that the product has now (PRD-10, PRD-14)."""
    want_change(
        organization_id=event.organization_id, product_id=event.payload["product"], at=event.created_at
    )
