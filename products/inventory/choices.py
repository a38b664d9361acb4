"""What can be granted to a member: every family, and each product that lives (ORG-13)."""

from organizations.access.choices import ProductChoices
from products.catalog.selectors import list_families
from products.inventory.models import Product
from products.inventory.status import ENDED


def list_product_choices(organization_id: int) -> ProductChoices:
    """Return families and products of the organization by name; two queries."""
    products = Product.objects.filter(organization_id=organization_id).exclude(status__in=ENDED)
    return ProductChoices(
        families=[(family.slug, family.name) for family in list_families()],
        products=list(products.order_by("name", "id").values_list("id", "name", "family")),
    )
