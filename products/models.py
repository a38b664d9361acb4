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
from products.lists.models import ExpiryFeed, ListColumns, ProductTag, SavedFilter, Tag
from products.modules.domain.models import Domain, ZoneVersion
from products.modules.dyndns.models import DynamicHost
from products.modules.mail.models import Mailbox, MailDomain, MailRoute
from products.provisioning.models import DriverHealth, PlannedFault, Service, ServiceAction
from products.termination.models import TerminatedProduct, Termination
from products.transfer.models import Transfer
from products.warranty.models import ContactTask, WarrantyCase

__all__ = [
    "CatalogChange",
    "CatalogUpload",
    "ContactTask",
    "Domain",
    "DriverHealth",
    "DynamicHost",
    "ExpiryFeed",
    "Family",
    "ListColumns",
    "MailDomain",
    "MailRoute",
    "Mailbox",
    "Option",
    "OptionPrice",
    "Plan",
    "PlannedFault",
    "Price",
    "Product",
    "ProductOption",
    "ProductTag",
    "SavedFilter",
    "Service",
    "ServiceAction",
    "Tag",
    "TerminatedProduct",
    "Termination",
    "Transfer",
    "WarrantyCase",
    "ZoneVersion",
]
