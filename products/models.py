"""The models of the rooms of `products`."""

from products.catalog.models import (
    CatalogChange,
    CatalogUpload,
    Family,
    Option,
    OptionPrice,
    Plan,
    Price,
)
from products.inventory.models import Product, ProductOption
from products.provisioning.models import DriverHealth, PlannedFault, Service, ServiceAction
from products.termination.models import TerminatedProduct, Termination
from products.transfer.models import Transfer
from products.warranty.models import ContactTask, WarrantyCase

__all__ = [
    "CatalogChange",
    "CatalogUpload",
    "ContactTask",
    "DriverHealth",
    "Family",
    "Option",
    "OptionPrice",
    "Plan",
    "PlannedFault",
    "Price",
    "Product",
    "ProductOption",
    "Service",
    "ServiceAction",
    "TerminatedProduct",
    "Termination",
    "Transfer",
    "WarrantyCase",
]
