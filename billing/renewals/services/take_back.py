"""Take planned renewals back before they are paid."""

from datetime import datetime

from django.db import transaction

from billing.invoices.models import Invoice
from billing.invoices.services import cancel_invoice
from billing.payments.errors import PaymentInProgress
from billing.payments.selectors import get_open_attempt
from billing.payments.services import cancel_attempt
from billing.payments.status import AttemptStatus
from billing.renewals.services.outcome import cancel_renewals
from manager.kit.actor import Actor


def take_back(*, invoice: Invoice, actor: Actor, at: datetime) -> bool:
    """Cancel a renewal's draft, so that its products can be planned anew; False if it proved to be paid.

    Runs outside of a transaction, as a payment that is under way is closed at the provider first.

    :raises PaymentInProgress: the provider carries the payment out at this moment.
    :raises IllegalTransition: the invoice is issued, paid or cancelled.
    """
    attempt = get_open_attempt(invoice=invoice)
    if attempt and cancel_attempt(attempt=attempt, actor=actor, at=at).status == AttemptStatus.SUCCEEDED:
        return False
    with transaction.atomic(durable=True):
        locked = Invoice.objects.select_for_update().get(
            organization_id=invoice.organization_id, pk=invoice.pk
        )
        if get_open_attempt(invoice=locked) is not None:  # begun since we looked
            raise PaymentInProgress
        cancel_invoice(invoice=invoice, actor=actor, at=at)
        cancel_renewals(invoice=invoice, at=at)
    return True
