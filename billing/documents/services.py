"""Make documents: an invoice's PDF once and for good, a pro forma anew each time (BIL-4)."""

import hashlib
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from billing.documents.content import credit_note_content, invoice_content, pro_forma_content
from billing.documents.einvoice import write_credit_note, write_invoice
from billing.documents.models import Document
from billing.documents.payment import find_account
from billing.documents.typeset import typeset
from billing.invoices.models import CreditNote, Invoice
from billing.invoices.selectors import list_lines
from billing.invoices.status import NUMBERED
from manager.kit.errors import DomainError

TEMPLATE = "invoice.typ"
INVOICE = "invoice"
CREDIT_NOTE = "credit_note"


class NotIssued(DomainError):
    """A draft has a pro forma and no invoice; a cancelled one has neither."""

    code = "invoice_not_issued"
    message = _("This invoice is not issued yet.")


def get_document(*, invoice: Invoice, at: datetime) -> Document:
    """Return the PDF of a numbered invoice, rendered at the first call and never again (BIL-4).

    An invoice that is issued before its payment keeps the PDF of its issue.

    :raises NotIssued: the invoice has no number.
    :raises RenderFailed: it cannot be made now; ask again.
    """
    if invoice.status not in NUMBERED:
        raise NotIssued
    existing = _find(invoice, None)
    if existing:
        return existing
    lines = list_lines(invoice=invoice)
    content = invoice_content(invoice=invoice, lines=lines)
    paid_to = find_account(invoice)
    einvoice = write_invoice(
        invoice=invoice,
        lines=lines,
        iban=paid_to.iban if paid_to else "",
        reference=paid_to.reference if paid_to else "",
    )
    return _store(invoice, None, typeset(template=TEMPLATE, data=content, at=at, einvoice=einvoice), at)


def get_credit_note(*, note: CreditNote, at: datetime) -> Document:
    """Return the PDF of a credit note, rendered at the first call and never again (BIL-5, BIL-14).

    :raises RenderFailed: it cannot be made now; ask again.
    """
    invoice = note.invoice
    existing = _find(invoice, note)
    if existing:
        return existing
    lines = list_lines(invoice=invoice)
    content = credit_note_content(note=note, invoice=invoice, lines=lines)
    einvoice = write_credit_note(note=note, invoice=invoice, lines=lines)
    return _store(invoice, note, typeset(template=TEMPLATE, data=content, at=at, einvoice=einvoice), at)


def render_pro_forma(*, invoice: Invoice, at: datetime) -> bytes:
    """Return the pro forma of a draft as PDF: of no legal, tax or accounting value, and saying so (BIL-4).

    :raises RenderFailed: it cannot be made now; ask again.
    """
    content = pro_forma_content(invoice=invoice, lines=list_lines(invoice=invoice))
    return typeset(template=TEMPLATE, data=content, at=at)


def _find(invoice: Invoice, note: CreditNote | None) -> Document | None:
    documents = Document.objects.filter(
        organization_id=invoice.organization_id, invoice_id=invoice.pk, credit_note=note
    )
    return documents.filter(kind=CREDIT_NOTE if note else INVOICE).first()


def _store(invoice: Invoice, note: CreditNote | None, content: bytes, at: datetime) -> Document:
    """Keep the first of two that were made at the same time."""
    document = Document(
        organization_id=invoice.organization_id,
        invoice_id=invoice.pk,
        credit_note=note,
        kind=CREDIT_NOTE if note else INVOICE,
        language=invoice.language,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        created_at=at,
    )
    Document.objects.bulk_create([document], ignore_conflicts=True)
    kept = _find(invoice, note)
    if kept is None:
        raise RuntimeError("A stored document cannot be read: it was stored outside of its scope.")
    return kept
