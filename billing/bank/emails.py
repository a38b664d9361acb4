"""Mails to the billing contacts about money of the bank."""

from typing import Any

from django.urls import reverse

from billing.bank.models import BankReceipt
from billing.invoices.page import title_of
from billing.receivers.mailing import mail_billing
from billing.receivers.status import Message
from manager.kit.money import Money
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
    mail_billing(
        template=template,
        organization=receipt.organization,
        message=Message.BALANCE,
        key=event.id,
        context={
            **context,
            "receipt": receipt,
            "prepaid_path": reverse("billing:prepaid", args=[receipt.organization_id]),
        },
        worded=lambda: {"title": title_of(receipt.invoice) if receipt.invoice else ""},
        at=event.created_at,
    )
