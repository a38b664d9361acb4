"""What follows from events about invoices: their documents and mails. Repeating one changes nothing."""

from billing.documents.emails import email_copies, email_credit_note, email_invoice
from billing.documents.services import get_credit_note, get_document
from billing.invoices.models import CreditNote, Invoice
from billing.invoices.selectors import get_invoice
from billing.invoices.status import InvoiceStatus
from manager.outbox.models import OutboxEvent
from manager.outbox.publish import publish
from organizations.profile.models import Organization

# Files in one mail: what mailboxes take.
COPIES_IN_A_MAIL = 20


def email_invoice_paid(event: OutboxEvent) -> None:
    """Mail the paid invoice with its PDF to the billing contacts (BIL-11)."""
    _email("invoice_paid", event)


def email_invoice_issued(event: OutboxEvent) -> None:
    """Mail the issued invoice with its PDF and a link to pay to the billing contacts."""
    _email("invoice_issued", event)


def email_credit_note_issued(event: OutboxEvent) -> None:
    """Mail a credit note with its PDF to the billing contacts (BIL-14)."""
    note = CreditNote.objects.select_related("invoice__organization", "invoice__legal_entity").get(
        organization_id=event.organization_id,
        invoice_id=event.payload["invoice"],
        number=event.payload["credit_note"],
    )
    email_credit_note(
        event=event,
        note=note,
        document=get_credit_note(note=note, at=event.created_at),
    )


def _email(template: str, event: OutboxEvent) -> None:
    invoice = _load(event)
    email_invoice(
        template=template,
        event=event,
        invoice=invoice,
        document=get_document(invoice=invoice, at=event.created_at),
    )


def _load(event: OutboxEvent) -> Invoice:
    organization = Organization.objects.get(pk=event.organization_id)
    return get_invoice(organization=organization, invoice_id=event.payload["invoice"])


def request_copies(event: OutboxEvent) -> None:
    """On `organization.deleted`: have all paid invoices mailed, a batch in each mail, if that was asked."""
    if not event.payload["mail_invoices"]:
        return
    paid = Invoice.objects.filter(organization_id=event.organization_id, status=InvoiceStatus.PAID)
    ids = list(paid.order_by("id").values_list("pk", flat=True))
    batches = [ids[start : start + COPIES_IN_A_MAIL] for start in range(0, len(ids), COPIES_IN_A_MAIL)]
    receiver = {name: event.payload[name] for name in ("name", "recipient", "person", "language")}
    for part, batch in enumerate(batches, start=1):
        publish(
            "invoice.copies_requested",
            organization_id=event.organization_id,
            payload={**receiver, "invoices": batch, "part": part, "parts": len(batches)},
            at=event.created_at,
        )


def email_invoice_copies(event: OutboxEvent) -> None:
    """Mail one batch of PDFs to who asked for them."""
    invoices = Invoice.objects.filter(
        organization_id=event.organization_id, pk__in=event.payload["invoices"]
    ).select_related("organization", "legal_entity")
    documents = [
        (invoice, get_document(invoice=invoice, at=event.created_at)) for invoice in invoices.order_by("id")
    ]
    email_copies(event=event, documents=documents)
