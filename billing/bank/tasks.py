"""What follows from money of the bank; ids in, idempotent."""

from billing.bank.emails import email_balance, email_part, email_transfer_taken_back
from billing.bank.models import BankReceipt
from billing.bank.status import Received
from manager.outbox.models import OutboxEvent


def email_received(event: OutboxEvent) -> None:
    """On `transfer.received`: tell what is missing, or what lies on the prepaid account.

    A transfer that pays an invoice to the cent has the mail of the paid invoice already.
    """
    receipt = _receipt(event)
    if receipt.kind == Received.PART:
        if receipt.invoice is not None and receipt.invoice.is_payable:  # the rest may have come meanwhile
            email_part(event=event, receipt=receipt)
    elif receipt.to_balance:
        email_balance(event=event, receipt=receipt)


def email_taken_back(event: OutboxEvent) -> None:
    """On `transfer.taken_back`: tell that the bank took a transfer back."""
    email_transfer_taken_back(event=event, receipt=_receipt(event))


def _receipt(event: OutboxEvent) -> BankReceipt:
    receipts = BankReceipt.objects.select_related("organization", "invoice", "entry")
    return receipts.get(organization_id=event.organization_id, pk=event.payload["receipt"])
