"""Another means was chosen: the transfer that was announced is not expected any more (BIL-3)."""

from datetime import datetime

from billing.invoices.models import Invoice
from billing.payments.selectors import get_announced_transfer
from manager.kit.actor import Actor
from manager.outbox.publish import publish
from organizations.audit.services import record_audit


def withdraw_transfer(*, invoice: Invoice, actor: Actor, at: datetime) -> bool:
    """Withdraw the announced transfer of a locked invoice, in the caller's transaction; return whether.

    Money that arrives all the same is taken by its reference. Publishes `transfer.withdrawn`.
    """
    announced = get_announced_transfer(invoice=invoice)
    if announced is None:
        return False
    announced.withdrawn_at = at
    announced.save(update_fields=["withdrawn_at"])
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
