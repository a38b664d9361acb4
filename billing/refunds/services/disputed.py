"""A charge that its payer's bank took back for good: nothing is given a second time (BIL-14, BIL-15)."""

from datetime import datetime

from django.db.models import F, Sum

from billing.disputes.models import Dispute
from billing.disputes.status import UNDECIDED, DisputeStatus
from billing.invoices.services.credit import REFUND
from billing.ledger.models import AccountKind
from billing.ledger.services import post_journal
from billing.refunds.models import Refund
from billing.refunds.status import RefundStatus
from manager.kit.money import Money

DISPUTED = "charge_disputed"
"""The payer's bank has taken the money back meanwhile: nothing is given until that is decided."""


def decision_on(refund: Refund) -> DisputeStatus | None:
    """Return how the disputes of the refund's charge ended: lost where one was; None while one is open."""
    disputes = Dispute.objects.filter(organization_id=refund.organization_id, attempt_id=refund.attempt_id)
    found = set(disputes.values_list("status", flat=True))
    if not found or found & UNDECIDED:
        return None
    return DisputeStatus.LOST if DisputeStatus.LOST in found else DisputeStatus.WON


def _given_by_bank(refund: Refund) -> Money:
    """Return what lost disputes took, less what earlier refunds have counted of it; at most the refund."""
    lost = Dispute.objects.filter(
        organization_id=refund.organization_id,
        attempt_id=refund.attempt_id,
        status=DisputeStatus.LOST,
        withdrawn_at__isnull=False,
    )
    counted = Refund.objects.filter(
        organization_id=refund.organization_id,
        attempt_id=refund.attempt_id,
        status=RefundStatus.SUCCEEDED,
        failure_code=DISPUTED,
    ).exclude(pk=refund.pk)
    taken: int = lost.aggregate(sum=Sum("amount"))["sum"] or 0
    before: int = counted.aggregate(sum=Sum(F("amount") - F("kept_amount")))["sum"] or 0
    return Money(max(0, min(taken - before, refund.to_means.amount)), refund.currency)


def post_given_by_bank(refund: Refund, at: datetime) -> None:
    """Turn back what the settled `refund` took off the provider's account: the dispute has taken it before.

    The lost dispute was booked as a refund; the credit note stands for it from now on. What the bank has not
    given becomes balance.
    """
    given = _given_by_bank(refund)
    dispute = Dispute.objects.filter(
        organization_id=refund.organization_id, attempt_id=refund.attempt_id, status=DisputeStatus.LOST
    ).latest("pk")
    post_journal(
        organization=refund.organization,
        reference=f"dispute:{dispute.pk}:refund:{refund.pk}",
        kind=REFUND,
        currency=refund.currency,
        invoice_id=refund.invoice_id,
        entries=[
            (AccountKind.PROVIDER, -refund.to_means.amount),
            (AccountKind.REFUNDS, given.amount),
            (AccountKind.PREPAID, (refund.to_means - given).amount),
        ],
        at=at,
    )
