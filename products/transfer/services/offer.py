"""Offer a product to another organization."""

from datetime import datetime, timedelta

from django.db import transaction

from manager.kit.actor import Actor
from manager.kit.scope import tenant_scope
from manager.outbox.publish import publish
from organizations.audit.services import record_audit
from organizations.profile.models import Organization
from products.inventory.models import Product
from products.inventory.services import set_auto_renew
from products.inventory.services.steps import lock_product
from products.transfer.blockers import why_not_transferable
from products.transfer.errors import NotTransferable, OfferedAlready
from products.transfer.models import Transfer
from products.transfer.secrets import seal
from products.transfer.status import TransferStatus

VALID_FOR = timedelta(days=7)


def offer_transfer(
    *, product: Product, recipient: Organization | None, user_id: int, actor: Actor, at: datetime
) -> Transfer:
    """Offer `product` for seven days to who has the link or, with `recipient`, to that organization alone.

    Automatic renewal is switched off, so that the giver is not charged for it meanwhile. Publishes
    `product.transfer_offered`.

    :raises NotTransferable: it is not running, or unpaid invoices name it.
    :raises OfferedAlready: it is on offer.
    """
    with tenant_scope(product.organization_id), transaction.atomic():
        row = lock_product(product)
        if Transfer.objects.filter(product=row, status=TransferStatus.OFFERED).exists():
            raise OfferedAlready
        reason = why_not_transferable(row, at=at, now=False)
        if reason is not None:
            raise NotTransferable(reason)
        transfer = Transfer(
            organization_id=row.organization_id,
            product=row,
            product_name=row.name,
            recipient_id=recipient.pk if recipient else None,
            recipient_name=recipient.name if recipient else "",
            offered_by_id=user_id,
            created_at=at,
            expires_at=at + VALID_FOR,
        )
        seal(transfer)
        transfer.save()
        set_auto_renew(product=row, on=False, actor=actor, at=at)
        record_audit(
            organization_id=row.organization_id,
            name="product.transfer_offered",
            actor=actor,
            at=at,
            subject=row,
            recipient=transfer.recipient_name,
        )
        publish(
            "product.transfer_offered",
            organization_id=row.organization_id,
            payload={"product": row.pk, "transfer": transfer.pk},
            at=at,
        )
    return transfer
