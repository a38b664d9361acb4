"""Orders that nobody pays: told before their term ends, then cancelled (PRD-4)."""

import logging
from datetime import datetime

from django.db.models import QuerySet

from billing.orders.models import Order
from billing.orders.services.expire import TOLD_BEFORE, expire_order, remind_of_term
from billing.orders.status import OrderStatus
from manager.kit.actor import Actor
from manager.kit.errors import DomainError
from manager.kit.scope import tenant_scope

logger = logging.getLogger(__name__)

ACTOR = Actor.system("orders")


def drain_expired_orders(*, at: datetime) -> int:
    """Tell about and cancel what is due at `at`; return how much. Any number may run at once."""
    pending = Order.objects.using("system").filter(status=OrderStatus.PENDING)
    ended = pending.filter(expires_at__lte=at)
    soon = pending.filter(expires_at__gt=at, expires_at__lte=at + TOLD_BEFORE, reminded_at=None)
    done = sum(_each(pk, owner, at, is_over=True) for pk, owner in _ids(ended))
    return done + sum(_each(pk, owner, at, is_over=False) for pk, owner in _ids(soon))


def _ids(orders: QuerySet[Order]) -> list[tuple[int, int]]:
    return list(orders.order_by("expires_at", "pk").values_list("pk", "organization_id"))


def _each(pk: int, owner: int, at: datetime, *, is_over: bool) -> bool:
    try:
        with tenant_scope(owner):
            order = Order.objects.get(organization_id=owner, pk=pk)
            if not is_over:
                return remind_of_term(order=order, at=at)
            expire_order(order=order, actor=ACTOR, at=at)
    except DomainError as error:  # paid or cancelled meanwhile, or a payment under way
        logger.info("Order %s was not ended: %s", pk, error)
        return False
    except Exception:  # one order must not stop the others
        logger.exception("Order %s could not be ended.", pk)
        return False
    return True
