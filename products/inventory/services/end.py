"""A product ends: terminated, or by the redemption that domains have before (PRD-8, PRD-11)."""

from datetime import datetime, timedelta

from django.db import transaction

from manager.kit.actor import Actor
from products.inventory.models import Product
from products.inventory.services.steps import lock_product, move, tell
from products.inventory.status import ProductStatus


@transaction.atomic
def terminate_product(*, product: Product, actor: Actor, at: datetime, by_wish: bool = False) -> Product:
    """End a product for good; what was set up for it is removed.

    One that ends by the wish of its organization (PRD-9) can be restored during the plan's days of cooling
    off: its service is stopped at once and removed after them. Its contacts are told by the termination. Of
    one that never began nobody is told that it has ended: its order was cancelled.

    :raises IllegalTransition: it has ended already, or is in redemption.
    """
    product = lock_product(product)
    was_running = product.status != ProductStatus.PENDING
    move(product, "terminate")
    fields = []
    if by_wish or not was_running:
        product.told_of = product.status
        fields = ["told_of"]
    if by_wish and was_running and product.plan.cooling_off_days:
        product.restorable_until = at + timedelta(days=product.plan.cooling_off_days)
        fields = ["told_of", "restorable_until"]
    return _end(product, "product.terminated", fields, actor, at)


@transaction.atomic
def enter_redemption(*, product: Product, actor: Actor, at: datetime) -> Product:
    """Begin the redemption of an unpaid domain, in which it can still be restored (PRD-11).

    :raises IllegalTransition: it is neither active nor suspended.
    """
    product = lock_product(product)
    move(product, "enter_redemption")
    product.save(update_fields=["status"])
    tell(product, "product.entered_redemption", actor=actor, at=at)
    return product


@transaction.atomic
def release_product(*, product: Product, actor: Actor, at: datetime, by_wish: bool = False) -> Product:
    """Let a domain go that nobody restored: anybody may register it from now on (PRD-11).

    :raises IllegalTransition: it is not in redemption.
    """
    product = lock_product(product)
    move(product, "release")
    if by_wish:
        product.told_of = product.status
    return _end(product, "product.released", ["told_of"] if by_wish else [], actor, at)


@transaction.atomic
def purge_product(*, product: Product, actor: Actor, at: datetime) -> Product:
    """Let go of what was kept of a terminated product, once its days of cooling off are over.

    One that was restored since, or whose days are not over, is returned as it is.
    """
    product = lock_product(product)
    if not product.restorable_until or product.restorable_until > at:
        return product
    product.restorable_until = None
    product.save(update_fields=["restorable_until"])
    tell(product, "product.purged", actor=actor, at=at)
    return product


def _end(product: Product, event: str, fields: list[str], actor: Actor, at: datetime) -> Product:
    product.ended_at = at
    product.auto_renew = False
    product.save(update_fields=["status", "ended_at", "auto_renew", *fields])
    tell(product, event, actor=actor, at=at)
    return product
