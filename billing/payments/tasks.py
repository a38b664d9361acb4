"""What follows from events about payments: mails. Repeating one changes nothing."""

from billing.invoices.models import Invoice
from billing.payments.emails import email_credited, email_refusal, email_transfer
from billing.payments.models import Initiator, PaymentAttempt
from billing.payments.services import make_payment_link
from billing.payments.status import AttemptStatus
from manager.outbox.models import OutboxEvent


def email_payment_failed(event: OutboxEvent) -> None:
    """Tell the billing contacts that a renewal could not be charged, with a link to pay (BIL-11).

    While another saved means is charged in its place, nobody is told yet; nor after it was paid all the same.
    """
    if event.payload.get("next_means"):
        return
    attempt = _load(event)
    is_refused = attempt.initiator == Initiator.RENEWAL and attempt.status == AttemptStatus.FAILED
    if is_refused and attempt.invoice is not None and attempt.invoice.is_payable:
        email_refusal(template="payment_failed", event=event, attempt=attempt)


def email_payment_requires_action(event: OutboxEvent) -> None:
    """Ask the billing contacts to approve a renewal's charge, by a link that needs no sign-in (BIL-11).

    Not while another saved means is charged in its place.
    """
    if event.payload.get("next_means"):
        return
    attempt = _load(event)
    if attempt.status == AttemptStatus.REQUIRES_ACTION and attempt.invoice_id is not None:
        link = make_payment_link(attempt=attempt, at=event.created_at)
        email_refusal(template="payment_requires_action", event=event, attempt=attempt, link=link)


def email_payment_credited(event: OutboxEvent) -> None:
    """Tell the billing contacts that money which was no longer needed is on the prepaid account (PRD-6)."""
    email_credited(event=event, attempt=_load(event))


def email_transfer_announced(event: OutboxEvent) -> None:
    """Send the billing contacts what they need to transfer the money (BIL-3)."""
    invoice = Invoice.objects.select_related("organization", "legal_entity").get(
        organization_id=event.organization_id, pk=event.payload["invoice"]
    )
    email_transfer(event=event, invoice=invoice)


def _load(event: OutboxEvent) -> PaymentAttempt:
    return PaymentAttempt.objects.select_related("organization", "invoice", "method").get(
        organization_id=event.organization_id, pk=event.payload["attempt"]
    )
