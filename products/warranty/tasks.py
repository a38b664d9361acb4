"""What follows from events of Renewal Warranty: a mail."""

from manager.outbox.models import OutboxEvent
from products.warranty.emails import mail_contact, mail_renewed
from products.warranty.models import WarrantyCase


def _find(event: OutboxEvent) -> WarrantyCase | None:
    return (
        WarrantyCase.objects.select_related("organization", "product__plan")
        .filter(organization_id=event.organization_id, pk=event.payload["case"], product__isnull=False)
        .first()
    )


def email_contact(event: OutboxEvent) -> None:
    """On `warranty.mail_asked`: write to the billing contacts that the domain is about to be lost."""
    case = _find(event)
    if case is not None:
        mail_contact(case=case, at=event.created_at)


def email_renewed(event: OutboxEvent) -> None:
    """On `warranty.renewed`: tell the billing contacts."""
    case = _find(event)
    if case is not None:
        mail_renewed(case=case, at=event.created_at)
