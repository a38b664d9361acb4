"""A product ends: terminated, or by the redemption that domains have before (PRD-8, PRD-11)."""

from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from products.inventory.models import Product
from products.inventory.services.steps import lock_product, move, tell
from products.inventory.status import ProductStatus


@transaction.atomic
def terminate_product(*, product: Product, actor: Actor, at: datetime) -> Product:
    """End a product for good; what was set up for it is removed.

    :raises IllegalTransition: it has ended already, or is in redemption.
    """
    return _end(product, ProductStatus.TERMINATED, "product.terminated", actor, at)


@transaction.atomic
def enter_redemption(*, product: Product, actor: Actor, at: datetime) -> Product:
    """Begin the redemption of an unpaid domain, in which it can still be restored (PRD-11).

    :raises IllegalTransition: it is neither active nor suspended.
    """
    product = lock_product(product)
    move(product, ProductStatus.REDEMPTION)
    product.save(update_fields=["status"])
    tell(product, "product.entered_redemption", actor=actor, at=at)
    return product


@transaction.atomic
def release_product(*, product: Product, actor: Actor, at: datetime) -> Product:
    """Let a domain go that nobody restored: anybody may register it from now on (PRD-11).

    :raises IllegalTransition: it is not in redemption.
    """
    return _end(product, ProductStatus.RELEASED, "product.released", actor, at)


def _end(product: Product, status: str, event: str, actor: Actor, at: datetime) -> Product:
    product = lock_product(product)
    move(product, status)
    product.ended_at = at
    product.auto_renew = False
    product.save(update_fields=["status", "ended_at", "auto_renew"])
    tell(product, event, actor=actor, at=at)
    return product
