"""Approve a charge that the bank refused for want of the person: the same one, never a second (BIL-11)."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from billing.gateway.errors import GatewayRefused
from billing.gateway.registry import gateway_for
from billing.payments.models import PaymentAttempt
from billing.payments.services.begin import take
from billing.payments.services.send import record
from billing.payments.status import AttemptStatus
from manager.kit.actor import Actor
from manager.kit.errors import DomainError


class NothingToConfirm(DomainError):
    """The payment does not wait for an approval (any more)."""

    code = "nothing_to_confirm"
    message = _("This payment does not wait for an approval any more.")


def confirm_payment(
    *, attempt: PaymentAttempt, return_url: str, actor: Actor, at: datetime
) -> PaymentAttempt:
    """Confirm the attempt's own charge while the person is here; go on to `redirect_url` where there is one.

    `return_url` is where the bank sends the person back to.

    :raises NothingToConfirm: it is done, refused or cancelled, or was never refused for want of an approval.
    """
    if attempt.status != AttemptStatus.REQUIRES_ACTION or attempt.method_id is None or not attempt.reference:
        raise NothingToConfirm
    taken = take(attempt=attempt, at=at)
    method = taken.method
    if taken.status != AttemptStatus.REQUIRES_ACTION or method is None:
        raise NothingToConfirm
    try:
        result = gateway_for(taken.gateway).confirm_on_session(
            reference=taken.reference,
            means_reference=method.reference,
            return_url=return_url,
            idempotency_key=f"{taken.idempotency_key}-confirm-{taken.fence}",
        )
    except GatewayRefused:
        result = gateway_for(taken.gateway).retrieve(reference=taken.reference)
    return record(attempt=taken, result=result, actor=actor, at=at)
