"""What changes hear of their invoices and products; ids in, idempotent."""

from billing.changes.coverage import give_up
from billing.changes.emails import mail_applied
from billing.changes.models import ChangeQuote
from billing.changes.services.withdraw import CANCELLED, mark_withdrawn
from manager.kit.actor import Actor
from manager.outbox.models import OutboxEvent

ACTOR = Actor.system("changes")


def withdraw_cancelled(event: OutboxEvent) -> None:
    """On `invoice.cancelled` and `.voided`: a change that waited for this invoice is taken back."""
    mark_withdrawn(
        invoice_id=event.payload["invoice"],
        organization_id=event.organization_id,
        why=CANCELLED,
        actor=ACTOR,
        at=event.created_at,
    )


def give_up_transferred(event: OutboxEvent) -> None:
    """On `product.transferred`: what was paid for its days to come goes with it, not back to the payer."""
    give_up(organization_id=event.organization_id, product_id=event.payload["product"], at=event.created_at)


def email_applied(event: OutboxEvent) -> None:
    """On `change.applied`: tell the billing contacts. A product that went away since tells its own story."""
    change = (
        ChangeQuote.objects.select_related("organization", "plan__family", "product__plan")
        .filter(organization_id=event.organization_id, pk=event.payload["change"])
        .first()
    )
    if change is not None:
        mail_applied(event=event, change=change)
