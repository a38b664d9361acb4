"""Mails about payments."""

from typing import Any

from django.urls import reverse
from django.utils import translation

from billing.documents.services import get_document, render_pro_forma
from billing.invoices.models import Invoice
from billing.invoices.selectors import list_lines
from billing.payments.models import PaymentAttempt
from billing.payments.selectors import explain_decline
from billing.payments.transfer_details import build_transfer_details
from billing.receivers.selectors import list_receivers
from billing.receivers.status import Message
from manager.kit.money import Money
from manager.outbox.mails import Attachment, queue_mail
from manager.outbox.models import OutboxEvent


def email_refusal(*, template: str, event: OutboxEvent, attempt: PaymentAttempt, link: str = "") -> None:
    """Queue a mail about a charge that did not go through, with what it was for and where to go on."""
    invoice = attempt.invoice
    pay_path = reverse("billing:pay_invoice", args=[attempt.organization_id, attempt.invoice_id])
    context = {
        "invoice": invoice,
        "lines": list_lines(invoice=invoice) if invoice is not None else [],
        "means": attempt.method,
        "pay_path": pay_path,
        "link": link,
    }
    # Who approves a charge has to be a member: no link to do so goes outside.
    _queue(template, event, attempt, context, Message.REMINDERS if not link else None)


def email_credited(*, event: OutboxEvent, attempt: PaymentAttempt) -> None:
    """Queue a mail about money that was put on the prepaid account."""
    context = {
        "amount": Money(event.payload["amount"], event.payload["currency"]),
        "invoice": attempt.invoice,
        "prepaid_path": reverse("billing:prepaid", args=[attempt.organization_id]),
    }
    _queue("payment_credited", event, attempt, context, Message.BALANCE)


def _queue(
    template: str,
    event: OutboxEvent,
    attempt: PaymentAttempt,
    context: dict[str, Any],
    message: Message | None,
) -> None:
    """Queue the mail for the members, and for addresses outside that get this kind of `message`."""
    for contact in list_receivers(organization_id=attempt.organization_id, message=message):
        with translation.override(contact.language):
            reason = str(explain_decline(attempt)) if attempt.decline_code else ""
        queue_mail(
            template=template,
            recipient=contact.email,
            language=contact.language,
            context={
                **context,
                "reason": reason,
                "contact": contact,
                "attempt": attempt,
                "organization": attempt.organization,
            },
            dedupe_key=f"{event.id}:{contact.key}",
            organization_id=attempt.organization_id,
            at=event.created_at,
        )


def email_transfer(*, event: OutboxEvent, invoice: Invoice) -> None:
    """Queue the mail with account, reference and the document to pay by transfer."""
    details = build_transfer_details(invoice=invoice)
    if details is None or not invoice.is_payable:
        return
    if invoice.number:
        content = bytes(get_document(invoice=invoice, at=event.created_at).content)
    else:
        content = render_pro_forma(invoice=invoice, at=event.created_at)
    name = f"{invoice.number or f'pro-forma-{invoice.pk}'}.pdf"
    for contact in list_receivers(organization_id=invoice.organization_id, message=Message.INVOICES):
        queue_mail(
            template="transfer_announced",
            recipient=contact.email,
            language=contact.language,
            context={
                "invoice": invoice,
                "lines": list_lines(invoice=invoice),
                "details": details,
                "organization": invoice.organization,
                "contact": contact,
                "transfer_path": reverse(
                    "billing:invoice_transfer", args=[invoice.organization_id, invoice.pk]
                ),
            },
            dedupe_key=f"{event.id}:{contact.key}",
            organization_id=invoice.organization_id,
            at=event.created_at,
            attachments=[Attachment(name, "application/pdf", content)],
        )
