"""Take back a draft over what cannot be paid any more at its price (PRD-8, PRD-11)."""

from datetime import datetime

from django.db import transaction

from billing.invoices.models import Invoice
from billing.invoices.services import cancel_invoice
from billing.payments.errors import PaymentInProgress
from billing.payments.selectors import get_open_attempt
from billing.payments.services import cancel_attempt
from billing.payments.status import AttemptStatus
from billing.to_pay.services import ORIGIN as SELECTION
from billing.to_pay.services import release_selection
from manager.kit.actor import Actor


def withdraw_draft(*, invoice: Invoice, actor: Actor, at: datetime) -> bool:
    """Cancel a draft that names a product which has ended or is in redemption; False if it proved paid.

    A selection is taken apart, so that what else is on it comes back. Runs outside of a transaction, as a
    payment under way is closed at the provider first.

    :raises PaymentInProgress: the provider carries the payment out at this moment.
    :raises IllegalTransition: it is issued, paid or cancelled.
    """
    attempt = get_open_attempt(invoice=invoice)
    if attempt and cancel_attempt(attempt=attempt, actor=actor, at=at).status == AttemptStatus.SUCCEEDED:
        return False
    if invoice.origin == SELECTION:
        release_selection(invoice=invoice, actor=actor, at=at)
        return True
    with transaction.atomic(durable=True):
        locked = Invoice.objects.select_for_update().get(
            organization_id=invoice.organization_id, pk=invoice.pk
        )
        if get_open_attempt(invoice=locked) is not None:  # begun since we looked
            raise PaymentInProgress
        cancel_invoice(invoice=invoice, actor=actor, at=at)
    return True
