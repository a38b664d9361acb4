"""Take an accepted change back that is not paid."""

from datetime import datetime

from django.db import transaction

from billing.changes.models import ChangeQuote
from billing.changes.selectors import get_change
from billing.changes.status import TRANSITIONS, ChangeStatus
from billing.invoices.models import Invoice
from billing.invoices.services import cancel_invoice
from billing.payments.errors import InvoiceNotPayable, PaymentInProgress
from billing.payments.selectors import get_open_attempt
from billing.payments.services import cancel_attempt
from billing.payments.status import AttemptStatus
from manager.kit.actor import Actor
from manager.kit.status import transition


def withdraw_change(*, change: ChangeQuote, actor: Actor, at: datetime) -> ChangeQuote:
    """Take back a change that waits for its payment: its invoice is cancelled, the product stays as it is.

    Runs outside of a transaction: a payment under way is closed at the provider first.

    :raises InvoiceNotPayable: it is paid, or does not wait for a payment.
    :raises PaymentInProgress: it is being paid at this moment.
    """
    if change.status != ChangeStatus.ACCEPTED or change.invoice is None:
        raise InvoiceNotPayable
    attempt = get_open_attempt(invoice=change.invoice)
    if attempt and cancel_attempt(attempt=attempt, actor=actor, at=at).status == AttemptStatus.SUCCEEDED:
        raise InvoiceNotPayable
    with transaction.atomic(durable=True):
        invoice = Invoice.objects.select_for_update().get(
            organization_id=change.organization_id, pk=change.invoice.pk
        )
        if get_open_attempt(invoice=invoice) is not None:  # begun since we looked
            raise PaymentInProgress
        cancel_invoice(invoice=invoice, actor=actor, at=at)
        mark_withdrawn(invoice_id=invoice.pk, organization_id=change.organization_id, at=at)
    return get_change(product=change.product, change_id=change.pk)


@transaction.atomic
def mark_withdrawn(*, invoice_id: int, organization_id: int, at: datetime) -> int:
    """Mark the change whose invoice was cancelled, also from the invoice's own page; return how many."""
    changes = ChangeQuote.objects.select_for_update().filter(
        organization_id=organization_id, invoice_id=invoice_id, status=ChangeStatus.ACCEPTED
    )
    found = list(changes)
    for change in found:
        transition(change, ChangeStatus.WITHDRAWN, TRANSITIONS)
        change.settled_at = at
        change.save(update_fields=["status", "settled_at"])
    return len(found)
