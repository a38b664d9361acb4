"""Mails about payments."""

from datetime import date, datetime
from typing import Any

from django.urls import reverse

from billing.documents.services import get_document, render_pro_forma
from billing.gateway.vocabulary import FailureKind
from billing.invoices.models import Invoice
from billing.invoices.page import title_of
from billing.invoices.selectors import list_lines
from billing.payments.models import PaymentAttempt
from billing.payments.selectors import explain_decline
from billing.payments.transfer_details import build_transfer_details
from billing.receivers.mailing import mail_billing
from billing.receivers.status import Message
from manager.kit.clock import day_in
from manager.kit.money import Money
from manager.outbox.mails import Attachment
from manager.outbox.models import OutboxEvent
from products.inventory.rules import next_attempt_after


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
        "retry_on": _retry_on(attempt, event.created_at),
    }
    # Who approves a charge has to be a member: no link to do so goes outside.
    _queue(template, event, attempt, context, Message.REMINDERS if not link else None)


def _retry_on(attempt: PaymentAttempt, at: datetime) -> date | None:
    """Return the day on which a renewal is charged again by itself (BIL-11), None where it is not."""
    if attempt.invoice is None or attempt.decline_kind == FailureKind.HARD:
        return None
    return next_attempt_after(attempt.invoice.due_on, day_in(attempt.organization.time_zone, at))


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
    mail_billing(
        template=template,
        organization=attempt.organization,
        message=message,
        key=event.id,
        context={**context, "attempt": attempt},
        worded=lambda: {
            "reason": str(explain_decline(attempt)) if attempt.decline_code else "",
            "paid_for": title_of(attempt.invoice) if attempt.invoice is not None else "",
        },
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
    mail_billing(
        template="transfer_announced",
        organization=invoice.organization,
        message=Message.INVOICES,
        key=event.id,
        context={
            "invoice": invoice,
            "lines": list_lines(invoice=invoice),
            "details": details,
            "transfer_path": reverse("billing:invoice_transfer", args=[invoice.organization_id, invoice.pk]),
        },
        at=event.created_at,
        attachments=[Attachment(name, "application/pdf", content)],
    )
