"""Step two of a refund: the provider is called, outside of any transaction (BIL-16)."""

from datetime import datetime

from billing.gateway.registry import gateway_for
from billing.gateway.vocabulary import Origin, RefundResult, RefundState
from billing.refunds.models import Refund
from billing.refunds.services.settle import settle_refund
from manager.kit.actor import Actor


def make_refund(*, refund: Refund, actor: Actor, at: datetime) -> Refund:
    """Give the money of a refund that was taken (its `fence`) back, and record what came of it.

    What may have reached the provider is looked for there before it is sent again, word for word under the
    refund's own key: so one refund is made, however often this is killed.

    :raises DomainError: the provider does not accept what we sent; the refund is tried again later.
    """
    return settle_refund(refund=refund, result=_call(refund), actor=actor, at=at)


def _call(refund: Refund) -> RefundResult:
    attempt = refund.attempt
    if attempt is None:
        return RefundResult(state=RefundState.FAILED)
    gateway = gateway_for(attempt.gateway)
    if refund.fence > 1:
        known = gateway.find_refund(charge_reference=attempt.charge_reference, attempt_id=refund.pk)
        if known is not None:
            return known
    return gateway.refund(
        charge_reference=attempt.charge_reference,
        amount=refund.to_means,
        origin=Origin(
            organization_id=refund.organization_id, attempt_id=refund.pk, invoice_id=refund.invoice_id
        ),
        idempotency_key=refund.idempotency_key,
    )
