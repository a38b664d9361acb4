"""Close an open attempt, so that another way to pay can be chosen."""

from datetime import datetime

from billing.gateway.registry import gateway_for
from billing.invoices.models import Invoice
from billing.payments.errors import InvoiceNotPayable, PaymentInProgress
from billing.payments.models import PaymentAttempt
from billing.payments.selectors import get_open_attempt
from billing.payments.services.begin import take
from billing.payments.services.refresh import refresh_attempt
from billing.payments.services.send import record
from billing.payments.status import AttemptStatus
from manager.kit.actor import Actor


def cancel_attempt(*, attempt: PaymentAttempt, actor: Actor, at: datetime) -> PaymentAttempt:
    """Close the attempt at the provider and here; one that turns out to be paid is settled instead.

    An attempt whose answer was lost is first cleared up, as a call that is still under way cannot be closed.

    :raises PaymentInProgress: the provider is being called for it, or carries it out already.
    """
    if attempt.is_leased(at):
        raise PaymentInProgress
    if attempt.is_open and not attempt.reference:
        attempt = refresh_attempt(attempt=attempt, actor=actor, at=at)
    if not attempt.is_open:
        return attempt
    if not attempt.reference:
        raise PaymentInProgress
    taken = take(attempt=attempt, at=at)
    if not taken.is_open:
        return taken
    result = gateway_for(taken.gateway).cancel(
        reference=taken.reference, idempotency_key=f"{taken.idempotency_key}-cancel-{taken.fence}"
    )
    closed = record(attempt=taken, result=result, actor=actor, at=at)
    if closed.is_open:
        raise PaymentInProgress
    return closed


def make_room(*, invoice: Invoice, actor: Actor, at: datetime) -> None:
    """Close the open attempt of an invoice, if there is one, before a new payment begins.

    :raises PaymentInProgress: it cannot be closed at this moment.
    :raises InvoiceNotPayable: it turned out to be paid.
    """
    attempt = get_open_attempt(invoice=invoice)
    if attempt is None:
        return
    if cancel_attempt(attempt=attempt, actor=actor, at=at).status == AttemptStatus.SUCCEEDED:
        raise InvoiceNotPayable(status="paid")
