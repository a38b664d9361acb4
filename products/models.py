"""The models of the rooms of `products`."""

from products.catalog.models import Family, Plan, Price
from products.inventory.models import Product
from products.provisioning.models import PlannedFault, Service
from products.transfer.models import Transfer

__all__ = ["Family", "Plan", "PlannedFault", "Price", "Product", "Service", "Transfer"]
