"""Another means was chosen: the transfer that was announced is not expected any more (BIL-3)."""

from datetime import datetime

from billing.invoices.models import Invoice
from billing.payments.models import AnnouncedTransfer
from manager.kit.actor import Actor
from manager.outbox.publish import publish
from organizations.audit.services import record_audit


def withdraw_transfer(*, invoice: Invoice, actor: Actor, at: datetime) -> bool:
    """Withdraw the announced transfer of a locked invoice, in the caller's transaction; return whether.

    Money that arrives all the same is taken by its reference. Publishes `transfer.withdrawn`.
    """
    withdrawn = AnnouncedTransfer.objects.filter(
        organization_id=invoice.organization_id, invoice=invoice, withdrawn_at=None
    ).update(withdrawn_at=at)
    if not withdrawn:
        return False
    record_audit(
        organization_id=invoice.organization_id,
        name="transfer.withdrawn",
        actor=actor,
        at=at,
        subject=invoice,
    )
    publish(
        "transfer.withdrawn", organization_id=invoice.organization_id, payload={"invoice": invoice.pk}, at=at
    )
    return True
