"""What all verbs share: the row's lock, and the record of a step for the audit log and the outbox."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from manager.kit.actor import Actor
from manager.kit.errors import IllegalTransition
from manager.kit.prepared import Prepared
from manager.kit.status import transition
from manager.outbox.publish import publish
from organizations.audit.services import record_audit
from products.inventory.models import Product
from products.inventory.status import STEPS, TRANSITIONS


def lock_product(product: Product) -> Product:
    """Return the product as it is now, with its organization, locked until the transaction ends.

    Its plan is read afterwards: a plan joined here would be the one of before the wait for the lock, and
    where that was changed meanwhile, PostgreSQL would find no row at all.
    """
    return _LOCKED.one(organization_id=product.organization_id, pk=product.pk)


def _build_locked(*, organization_id: int, pk: int) -> QuerySet[Product]:
    found = Product.objects.filter(organization_id=organization_id, pk=pk)
    return found.select_for_update(of=("self",)).select_related("organization")


_LOCKED: Prepared[Product] = Prepared(_build_locked, planned_once=True)


def move(product: Product, verb: str) -> None:
    """Take the locked product the step that `verb` has in the table; the caller saves it.

    :raises IllegalTransition: the verb has no step from the present state.
    """
    to = STEPS[verb].get(product.status)
    if to is None:
        raise IllegalTransition(
            _("This cannot be done in the present state."), current=str(product.status), wanted=verb
        )
    transition(product, to, TRANSITIONS)


def tell(product: Product, event: str, *, actor: Actor, at: datetime, **facts: Any) -> None:
    """Write the step into the audit log and the outbox, in the transaction of the change."""
    record_audit(
        organization_id=product.organization_id, name=event, actor=actor, at=at, subject=product, **facts
    )
    publish(event, organization_id=product.organization_id, payload={"product": product.pk, **facts}, at=at)
