"""Changes of a product that leave its life alone: its name, its switch for automatic renewal."""

from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from products.inventory.models import Product
from products.inventory.services.names import clean_name
from products.inventory.services.steps import lock_product, tell


@transaction.atomic
def rename_product(*, product: Product, name: str, actor: Actor, at: datetime) -> Product:
    """Give the product another name in the panel; nothing changes at its service.

    :raises NameInvalid: see `clean_name`.
    """
    name = clean_name(name)
    product = lock_product(product)
    if product.name == name:
        return product
    before, product.name = product.name, name
    product.save(update_fields=["name"])
    tell(product, "product.renamed", actor=actor, at=at, before=before, after=name)
    return product


@transaction.atomic
def set_auto_renew(*, product: Product, on: bool, actor: Actor, at: datetime) -> Product:
    """Set the switch for automatic renewal (BIL-10); whether it may be set is a question of billing."""
    product = lock_product(product)
    if product.auto_renew == on:
        return product
    product.auto_renew = on
    product.save(update_fields=["auto_renew"])
    tell(product, "product.auto_renew_changed", actor=actor, at=at, on=on)
    return product
