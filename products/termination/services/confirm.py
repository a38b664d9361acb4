"""Confirm a wish by its link: its products end, and the other administrators are told (PRD-9)."""

from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.errors import IllegalTransition
from manager.kit.status import transition
from manager.outbox.publish import publish
from organizations.audit.services import record_audit
from products.inventory.models import Product
from products.inventory.services import release_product, terminate_product
from products.inventory.status import RENEWABLE, ProductStatus
from products.termination.errors import TerminationExpired
from products.termination.models import TerminatedProduct, Termination
from products.termination.selectors import require_key
from products.termination.status import TRANSITIONS, TerminationStatus


@transaction.atomic
def confirm_termination(*, termination: Termination, key: str, actor: Actor, at: datetime) -> Termination:
    """End the products of the wish, all in one transaction. Publishes `termination.confirmed`.

    What they owe stays due. A product whose plan allows it can be restored during its days of cooling
    off. One that ended by itself since, or went to another organization, is left as it is.

    :raises NotFound: `key` is not the one of the mailed link.
    :raises IllegalTransition: the wish was confirmed or withdrawn.
    :raises TerminationExpired: its three days are over.
    """
    wish = Termination.objects.select_for_update().get(
        organization_id=termination.organization_id, pk=termination.pk
    )
    require_key(wish, key)
    if wish.status == TerminationStatus.EXPIRED or (
        wish.status == TerminationStatus.ASKED and at >= wish.expires_at
    ):
        raise TerminationExpired
    transition(wish, TerminationStatus.CONFIRMED, TRANSITIONS)
    wish.answered_at = at
    wish.save(update_fields=["status", "answered_at"])
    mine = TerminatedProduct.objects.filter(organization_id=wish.organization_id, termination=wish)
    rows = mine.filter(is_open=True).order_by("product_id")
    ended = [row.pk for row in rows if _end(row, actor, at)]
    mine.filter(pk__in=ended).update(ended=True)
    mine.update(is_open=False)
    record_audit(
        organization_id=wish.organization_id,
        name="termination.confirmed",
        actor=actor,
        at=at,
        subject=wish,
        products=list(mine.filter(ended=True).order_by("id").values_list("product_name", flat=True)),
    )
    publish(
        "termination.confirmed",
        organization_id=wish.organization_id,
        payload={"termination": wish.pk, "by": actor.user_id},
        at=at,
    )
    return wish


def _end(row: TerminatedProduct, actor: Actor, at: datetime) -> bool:
    product = (
        Product.objects.select_for_update()
        .filter(organization_id=row.organization_id, pk=row.product_id)
        .first()
    )
    if product is None:  # it went to another organization
        return False
    try:
        if product.status in RENEWABLE:
            terminate_product(product=product, actor=actor, at=at, by_wish=True)
        elif product.status == ProductStatus.REDEMPTION:
            release_product(product=product, actor=actor, at=at, by_wish=True)
        else:
            return False
    except IllegalTransition:  # it ended since we looked
        return False
    return True
