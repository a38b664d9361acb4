"""The ends of an offer at which the product stays: refused, withdrawn, expired."""

from datetime import datetime

from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.scope import tenant_scope
from manager.kit.status import transition
from manager.outbox.publish import publish
from organizations.audit.services import record_audit
from products.transfer.models import Transfer
from products.transfer.status import TRANSITIONS, TransferStatus


def withdraw_transfer(*, transfer: Transfer, actor: Actor, at: datetime) -> Transfer:
    """Take an offer back, so that its link leads nowhere.

    :raises IllegalTransition: it is not open any more.
    """
    return _end(transfer, TransferStatus.WITHDRAWN, actor, at)


def refuse_transfer(*, transfer: Transfer, actor: Actor, at: datetime) -> Transfer:
    """Say no to an offer; the giver is told by mail. Whoever has the link may.

    :raises IllegalTransition: it is not open any more.
    """
    return _end(transfer, TransferStatus.REFUSED, actor, at)


def expire_transfer(*, transfer: Transfer, actor: Actor, at: datetime) -> Transfer:
    """End an offer whose seven days are over.

    :raises IllegalTransition: it is not open any more.
    """
    return _end(transfer, TransferStatus.EXPIRED, actor, at)


def _end(transfer: Transfer, status: str, actor: Actor, at: datetime) -> Transfer:
    with tenant_scope(transfer.organization_id, 0), transaction.atomic():
        row = Transfer.objects.select_for_update().get(pk=transfer.pk)
        transition(row, status, TRANSITIONS)
        row.answered_at = at
        row.save(update_fields=["status", "answered_at"])
        event = f"product.transfer_{status}"
        record_audit(
            organization_id=row.organization_id,
            name=event,
            actor=actor,
            at=at,
            subject=row,
            product=row.product_id,
        )
        publish(
            event,
            organization_id=row.organization_id,
            payload={"product": row.product_id, "transfer": row.pk},
            at=at,
        )
    return row
