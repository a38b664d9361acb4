"""What follows from events of Renewal Warranty: a mail."""

from manager.outbox.models import OutboxEvent
from products.warranty.emails import mail_renewed
from products.warranty.models import WarrantyCase


def email_renewed(event: OutboxEvent) -> None:
    """On `warranty.renewed`: tell the billing contacts."""
    case = (
        WarrantyCase.objects.select_related("organization", "product__plan")
        .filter(organization_id=event.organization_id, pk=event.payload["case"], product__isnull=False)
        .first()
    )
    if case is not None:
        mail_renewed(case=case, at=event.created_at)
