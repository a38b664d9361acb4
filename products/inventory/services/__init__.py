"""The verbs of a product's life. Each locks the row, follows the table of transitions, and publishes."""

from products.inventory.services.begin import activate_product, create_product
from products.inventory.services.change import describe_product, rename_product, set_auto_renew
from products.inventory.services.end import (
    enter_redemption,
    purge_product,
    release_product,
    terminate_product,
)
from products.inventory.services.extend import extend_product, next_period
from products.inventory.services.names import clean_name
from products.inventory.services.restore import restore_product
from products.inventory.services.suspend import resume_product, suspend_product

__all__ = [
    "activate_product",
    "clean_name",
    "create_product",
    "describe_product",
    "enter_redemption",
    "extend_product",
    "next_period",
    "purge_product",
    "release_product",
    "rename_product",
    "restore_product",
    "resume_product",
    "set_auto_renew",
    "suspend_product",
    "terminate_product",
]
