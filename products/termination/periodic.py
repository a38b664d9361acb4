"""By the calendar: wishes that nobody confirmed, and what is kept of terminated products."""

import logging
from datetime import datetime

from manager.kit.actor import Actor
from manager.kit.errors import IllegalTransition
from manager.kit.scope import tenant_scope
from products.inventory.models import Product
from products.inventory.services import purge_product
from products.termination.models import Termination
from products.termination.services import expire_termination
from products.termination.status import TerminationStatus

logger = logging.getLogger(__name__)

BATCH = 500
ACTOR = Actor.system("terminations")


def drain_terminations(*, at: datetime) -> int:
    """Expire the wishes that were not confirmed in time, and end the coolings off that are over at `at`."""
    return _expire(at) + _purge(at)


def _expire(at: datetime) -> int:
    over = Termination.objects.using("system").filter(status=TerminationStatus.ASKED, expires_at__lte=at)
    done = 0
    for wish in list(over.order_by("expires_at")[:BATCH]):
        try:
            with tenant_scope(wish.organization_id):
                expire_termination(termination=wish, actor=ACTOR, at=at)
        except IllegalTransition:  # answered since we looked
            continue
        done += 1
    return done


def _purge(at: datetime) -> int:
    over = Product.objects.using("system").filter(restorable_until__lte=at).order_by("restorable_until")
    done = 0
    for product in list(over[:BATCH]):
        try:
            with tenant_scope(product.organization_id):
                purge_product(product=product, actor=ACTOR, at=at)
        except Exception:  # one product must not stop the others
            logger.exception("What is kept of the product %s could not be let go.", product.pk)
            continue
        done += 1
    return done
