"""A product is suspended, and resumes (PRD-8)."""

from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from products.inventory.models import Product
from products.inventory.services.steps import lock_product, move, tell


@transaction.atomic
def suspend_product(*, product: Product, actor: Actor, at: datetime) -> Product:
    """Stop an active product without losing anything of it; billing contacts are told by mail.

    :raises IllegalTransition: it is not active.
    """
    product = lock_product(product)
    move(product, "suspend")
    product.suspended_at = at
    product.save(update_fields=["status", "suspended_at"])
    tell(product, "product.suspended", actor=actor, at=at)
    return product


@transaction.atomic
def resume_product(*, product: Product, actor: Actor, at: datetime) -> Product:
    """Let a suspended product run again. Its expiry stays as it is.

    :raises IllegalTransition: it is not suspended.
    """
    product = lock_product(product)
    move(product, "resume")
    product.suspended_at = None
    product.told_of = ""
    product.save(update_fields=["status", "suspended_at", "told_of"])
    tell(product, "product.resumed", actor=actor, at=at)
    return product
