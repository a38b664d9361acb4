"""Periodic work: set up domains of which nothing is known yet, hand changed zones to the name servers."""

from datetime import datetime

from manager.kit.scope import tenant_scope
from products.inventory.models import Product
from products.modules.domain.models import Domain
from products.modules.domain.selectors import find_unprepared, find_unpublished
from products.modules.domain.services import prepare_domain, publish_zone

BATCH = 50


def drain_domains(*, at: datetime) -> int:
    """Prepare and publish what waits for it; return how much it was."""
    done = 0
    for product_id, organization_id in list(find_unprepared().values_list("pk", "organization_id")[:BATCH]):
        with tenant_scope(organization_id):
            products = Product.objects.select_related("organization")
            product = products.filter(pk=product_id, organization_id=organization_id).first()
            if product is not None:
                prepare_domain(product=product, at=at)
                done += 1
    for domain_id, organization_id in list(find_unpublished().values_list("pk", "organization_id")[:BATCH]):
        with tenant_scope(organization_id):
            domain = Domain.objects.filter(pk=domain_id, organization_id=organization_id).first()
            if domain is not None:
                done += publish_zone(domain=domain, at=at)
    return done
