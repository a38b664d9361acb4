"""A refund that the provider made and whose money came back to us: it becomes balance (BIL-14)."""

from datetime import datetime

from django.db import transaction

from billing.gateway.registry import gateway_for
from billing.gateway.vocabulary import RefundState
from billing.invoices.services.credit import REFUND
from billing.ledger.models import AccountKind, Journal
from billing.ledger.services import lock_accounts, post_journal
from billing.refunds.models import Refund
from billing.refunds.status import RefundStatus
from manager.kit.actor import Actor
from organizations.audit.services import record_audit


def note_returned(*, refund: Refund, actor: Actor, at: datetime) -> bool:
    """Ask for a refund that was made, and put its money on the prepaid account where it came back.

    The credit note stands as it is; only where the money went has changed. Repeating it changes nothing.

    :raises DomainError: no answer; the message is handled again later.
    """
    if refund.status != RefundStatus.SUCCEEDED or refund.attempt is None:
        return False
    gateway = gateway_for(refund.attempt.gateway)
    result = gateway.find_refund(charge_reference=refund.attempt.charge_reference, attempt_id=refund.pk)
    if result is None or result.state is not RefundState.FAILED:
        return False
    reference = f"refund:{refund.pk}:returned"
    with transaction.atomic():
        lock_accounts(organization=refund.organization, currency=refund.currency)
        if Journal.objects.filter(organization_id=refund.organization_id, reference=reference).exists():
            return False
        post_journal(
            organization=refund.organization,
            reference=reference,
            kind=REFUND,
            currency=refund.currency,
            invoice_id=refund.invoice_id,
            entries=[
                (AccountKind.PROVIDER, -refund.to_means.amount),
                (AccountKind.PREPAID, refund.to_means.amount),
            ],
            at=at,
        )
        record_audit(
            organization_id=refund.organization_id,
            name="refund.settled",
            actor=actor,
            at=at,
            subject=refund,
            refund=refund.pk,
            invoice=refund.invoice_id,
            amount=refund.amount,
            to_means=0,
            status=str(RefundStatus.KEPT),
        )
    return True
