"""What follows from events about invoices: their documents and mails. Repeating one changes nothing."""

from billing.documents.emails import email_invoice
from billing.documents.services import get_document
from billing.invoices.models import Invoice
from billing.invoices.selectors import get_invoice
from manager.outbox.models import OutboxEvent
from organizations.members.selectors import list_billing_contacts
from organizations.profile.models import Organization


def email_invoice_paid(event: OutboxEvent) -> None:
    """Mail the paid invoice with its PDF to the billing contacts (BIL-11)."""
    _email("invoice_paid", event)


def email_invoice_issued(event: OutboxEvent) -> None:
    """Mail the issued invoice with its PDF and a link to pay to the billing contacts."""
    _email("invoice_issued", event)


def _email(template: str, event: OutboxEvent) -> None:
    invoice = _load(event)
    email_invoice(
        template=template,
        event=event,
        invoice=invoice,
        document=get_document(invoice=invoice, at=event.created_at),
        contacts=list_billing_contacts(organization_id=invoice.organization_id),
    )


def _load(event: OutboxEvent) -> Invoice:
    organization = Organization.objects.get(pk=event.organization_id)
    return get_invoice(organization=organization, invoice_id=event.payload["invoice"])
