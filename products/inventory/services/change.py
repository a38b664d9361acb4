"""Changes of a product that leave its life alone: its names, its switch for automatic renewal."""

from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from products.inventory.models import Product
from products.inventory.services.names import MAX_NAME, MAX_REFERENCE, clean_name, clean_words
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
def describe_product(
    *, product: Product, internal_name: str, reference: str, actor: Actor, at: datetime
) -> Product:
    """Note what the organization itself calls the product, and its own reference; both may be empty.

    :raises NameInvalid: see `clean_words`.
    """
    wanted = {
        "internal_name": clean_words(internal_name, field="internal_name", most=MAX_NAME),
        "reference": clean_words(reference, field="reference", most=MAX_REFERENCE),
    }
    product = lock_product(product)
    changed = {name: text for name, text in wanted.items() if getattr(product, name) != text}
    if not changed:
        return product
    for name, text in changed.items():
        setattr(product, name, text)
    product.save(update_fields=list(changed))
    tell(product, "product.described", actor=actor, at=at, **changed)
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
