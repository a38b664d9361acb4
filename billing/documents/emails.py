"""Mails that carry an invoice."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from billing.documents.models import Document
from billing.gateway.declines import message_for
from billing.gateway.vocabulary import FailureKind
from billing.invoices.models import CreditNote, Invoice
from billing.invoices.selectors import list_lines
from billing.ledger.models import AccountKind
from billing.payments.models import Initiator, PaymentAttempt
from billing.payments.status import AttemptStatus
from billing.receivers.mailing import mail_billing
from billing.receivers.status import Message
from manager.kit.money import Money
from manager.outbox.mails import Attachment, queue_mail
from manager.outbox.models import OutboxEvent


def email_invoice(*, template: str, event: OutboxEvent, invoice: Invoice, document: Document) -> None:
    """Queue the mail `template` with the PDF to each receiver, in the receiver's language, once per event."""
    attachment = Attachment(f"{invoice.number}.pdf", "application/pdf", bytes(document.content))
    context: dict[str, Any] = {
        "invoice": invoice,
        "lines": list_lines(invoice=invoice),
        "refused": _refused_before(invoice),
        "invoice_path": reverse("billing:invoice", args=[invoice.organization_id, invoice.pk]),
        "pay_path": reverse("billing:pay_invoice", args=[invoice.organization_id, invoice.pk]),
    }
    mail_billing(
        template=template,
        organization=invoice.organization,
        message=Message.INVOICES,
        key=event.id,
        context=context,
        at=event.created_at,
        attachments=[attachment],
    )


def _refused_before(invoice: Invoice) -> list[dict[str, Any]]:
    """Return which means were refused for good for a paid renewal before, and why (BIL-11).

    Their refusal has no mail of its own, as the next means was charged at once.
    """
    attempts = PaymentAttempt.objects.filter(
        organization_id=invoice.organization_id,
        invoice=invoice,
        initiator=Initiator.RENEWAL,
        status=AttemptStatus.FAILED,
        decline_kind=FailureKind.HARD,
        method__isnull=False,
    )
    return [
        {"means": attempt.method, "reason": message_for(attempt.decline_message)}
        for attempt in attempts.select_related("method").order_by("pk")
        if invoice.paid_at
    ]


def email_credit_note(*, event: OutboxEvent, note: CreditNote, document: Document) -> None:
    """Queue the mail about money that a credit note gave back, with its PDF."""
    attachment = Attachment(f"{note.number}.pdf", "application/pdf", bytes(document.content))
    organization = note.invoice.organization
    is_balance = event.payload.get("to", AccountKind.PREPAID) == AccountKind.PREPAID
    balance = note.total if is_balance else Money(event.payload.get("balance", 0), note.currency)
    mail_billing(
        template="credit_note_issued",
        organization=organization,
        message=Message.INVOICES,
        key=event.id,
        context={
            "note": note,
            "invoice": note.invoice,
            "prepaid_path": reverse("billing:prepaid", args=[organization.pk]),
            "is_balance": is_balance,
            "balance": balance,
            "to_means": note.total - balance,
        },
        at=event.created_at,
        attachments=[attachment],
    )


def email_copies(*, event: OutboxEvent, documents: Sequence[tuple[Invoice, Document]]) -> None:
    """Queue one mail with the PDFs of several paid invoices, for the receiver that the event names."""
    facts = event.payload
    queue_mail(
        template="invoice_copies",
        recipient=facts["recipient"],
        language=facts["language"],
        context={
            "name": facts["person"],
            "organization": facts["name"],
            "part": facts["part"],
            "parts": facts["parts"],
            "numbers": [invoice.number for invoice, _document in documents],
        },
        dedupe_key=str(event.id),
        organization_id=event.organization_id,
        at=event.created_at,
        attachments=[
            Attachment(f"{invoice.number}.pdf", "application/pdf", bytes(document.content))
            for invoice, document in documents
        ],
    )
