"""Cases of Renewal Warranty for tests."""

from manager.kit.clock import day_in, now
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.warranty.models import WarrantyCase
from products.warranty.services import open_case
from tests.factories.domains import make_domain
from tests.factories.products import ACTOR


def open_warranty_case(organization: Organization, *, name: str = "shop.example") -> WarrantyCase:
    """Return the case of a domain that expires unpaid today."""
    product = make_domain(organization, warranted=True, name=name)
    at = now()
    with tenant_scope(organization.pk):
        row = Product.objects.get(organization_id=organization.pk, pk=product.pk)
        row.expires_on = day_in(organization.time_zone, at)
        row.save(update_fields=["expires_on"])
        case = open_case(product=row, actor=ACTOR, at=at)
    assert case is not None
    return case
