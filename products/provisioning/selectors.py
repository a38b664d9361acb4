"""Questions about services."""

from django.db.models import QuerySet

from products.provisioning.models import Service


def find_service(*, organization_id: int, product_id: int) -> Service | None:
    """Return the service of a product, or None while nothing was wanted of it."""
    return Service.objects.filter(organization_id=organization_id, product_id=product_id).first()


def list_quarantined() -> QuerySet[Service]:
    """Return across all tenants, for the operator, the services that failed too often."""
    return (
        Service.objects.using("system").exclude(quarantined_at=None).select_related("product").order_by("pk")
    )
