"""Mails to the billing contacts about money of the bank."""

from typing import Any

from django.urls import reverse
from django.utils import translation

from billing.bank.models import BankReceipt
from billing.invoices.page import title_of
from billing.receivers.selectors import list_receivers
from billing.receivers.status import Message
from manager.kit.money import Money
from manager.outbox.mails import queue_mail
from manager.outbox.models import OutboxEvent


def email_part(*, event: OutboxEvent, receipt: BankReceipt) -> None:
    """Queue the mail that says what of an invoice is missing still, with the way to pay it (BIL-17)."""
    context = {
        "missing": Money(event.payload["missing"], receipt.currency),
        "invoice_path": reverse("billing:invoice", args=[receipt.organization_id, receipt.invoice_id]),
    }
    _queue("transfer_part", event, receipt, context)


def email_balance(*, event: OutboxEvent, receipt: BankReceipt) -> None:
    """Queue the mail that says what of a transfer lies on the prepaid account, and why."""
    _queue("transfer_balance", event, receipt, {})


def email_transfer_taken_back(*, event: OutboxEvent, receipt: BankReceipt) -> None:
    """Queue the mail that says that the bank took a transfer back."""
    _queue("transfer_taken_back", event, receipt, {})


def _queue(template: str, event: OutboxEvent, receipt: BankReceipt, context: dict[str, Any]) -> None:
    for contact in list_receivers(organization_id=receipt.organization_id, message=Message.BALANCE):
        with translation.override(contact.language):
            title = title_of(receipt.invoice) if receipt.invoice else ""
        queue_mail(
            template=template,
            recipient=contact.email,
            language=contact.language,
            context={
                **context,
                "contact": contact,
                "organization": receipt.organization,
                "receipt": receipt,
                "title": title,
                "prepaid_path": reverse("billing:prepaid", args=[receipt.organization_id]),
            },
            dedupe_key=f"{event.id}:{contact.key}",
            organization_id=receipt.organization_id,
            at=event.created_at,
        )
