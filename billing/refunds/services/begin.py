"""Step one of a refund: what is given back, to which charge, is stored with its cause (BIL-16)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Sum

from billing.invoices.models import Invoice
from billing.invoices.services.credit import CreditedLine
from billing.payments.models import PaymentAttempt, Way
from billing.payments.status import AttemptStatus
from billing.refunds.models import Refund
from billing.refunds.status import RefundStatus
from manager.kit.actor import Actor
from manager.kit.money import Money
from manager.kit.nudge import nudge
from manager.kit.tokens import make_secret
from manager.outbox.publish import publish
from organizations.audit.services import record_audit


@dataclass(frozen=True, slots=True)
class ChargeLeft:
    """The charge that paid an invoice, and what can still be given back to it, in minor units."""

    attempt: PaymentAttempt
    left: int


def charge_left(invoice: Invoice) -> ChargeLeft | None:
    """Return the charge that paid (a part of) the invoice, None where nothing was charged for it."""
    paid = PaymentAttempt.objects.filter(
        organization_id=invoice.organization_id,
        invoice=invoice,
        status=AttemptStatus.SUCCEEDED,
        is_credited=False,
    )
    attempt = paid.exclude(way=Way.PREPAID).exclude(charge_reference="").order_by("pk").first()
    if attempt is None:
        return None
    given = Refund.objects.filter(organization_id=invoice.organization_id, attempt=attempt).exclude(
        status=RefundStatus.KEPT
    )
    back: int = given.aggregate(sum=Sum(F("amount") - F("kept_amount")))["sum"] or 0
    return ChargeLeft(attempt, attempt.amount - back)


def store_refund(
    *,
    invoice: Invoice,
    credited: Sequence[CreditedLine],
    charge: ChargeLeft | None,
    origin_key: str,
    reason: str,
    actor: Actor,
    at: datetime,
    ends_products: bool = False,
) -> Refund | None:
    """Store the refund of `credited`, and have a worker make it; None for nothing.

    To `charge` goes what it has left, the rest becomes balance; all of it without one. The invoice is
    locked. A refund of the same `origin_key` is given back as it is. Publishes `refund.begun`.
    """
    amount = Money.total((line.total for line in credited), invoice.currency)
    if amount.amount <= 0:
        return None
    away = min(charge.left, amount.amount) if charge is not None else 0
    refund, created = Refund.objects.get_or_create(
        organization_id=invoice.organization_id,
        origin_key=origin_key,
        defaults={
            "invoice": invoice,
            "attempt": charge.attempt if charge is not None and away else None,
            "idempotency_key": f"refund-{make_secret(16)}",
            "lines": [line.as_json() for line in credited],
            "line_ids": [line.line_id for line in credited],
            "reason": reason[:250],
            "amount": amount.amount,
            "kept_amount": amount.amount - away if away else 0,
            "ends_products": ends_products,
            "begun_by_name": actor.name[:200],
            "currency": invoice.currency,
            "lease_until": at,
            "created_at": at,
        },
    )
    if created:
        record_audit(
            organization_id=invoice.organization_id,
            name="refund.begun",
            actor=actor,
            at=at,
            subject=refund,
            amount=amount.amount,
            invoice=invoice.pk,
        )
        publish(
            "refund.begun",
            organization_id=invoice.organization_id,
            payload={"refund": refund.pk, "invoice": invoice.pk},
            at=at,
        )
        nudge("refunds")
    return refund
