"""Step one of a refund: what is given back, to which charge, is stored with its cause (BIL-16)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.services.credit import CreditedLine
from billing.invoices.services.trouble import stop_trying
from billing.payments.models import PaymentAttempt, Way
from billing.payments.status import AttemptStatus
from billing.refunds.models import Refund
from manager.kit.actor import Actor
from manager.kit.money import Money
from manager.kit.nudge import nudge
from manager.kit.tokens import make_secret
from organizations.audit.services import record_audit


@transaction.atomic
def begin_refund(
    *,
    invoice: Invoice,
    lines: Sequence[InvoiceLine],
    origin_key: str,
    reason: str,
    actor: Actor,
    at: datetime,
) -> Refund | None:
    """Store that `lines` of a paid invoice are given back to the means that paid it; None for nothing.

    The caller has locked the invoice, and gives each line back once: `origin_key` names its cause. What was
    paid from the prepaid account, or by nothing that takes money back, becomes balance. The lines are not
    to be fulfilled any more. `reason` stands on the credit note.
    """
    stop_trying(invoice=invoice, line_ids=[line.pk for line in lines])
    credited = [CreditedLine.of(line, invoice.currency) for line in lines]
    amount = Money.total((line.net + line.tax for line in credited), invoice.currency)
    if amount.amount <= 0:
        return None
    refund, created = Refund.objects.get_or_create(
        organization_id=invoice.organization_id,
        origin_key=origin_key,
        defaults={
            "invoice": invoice,
            "attempt": _paying_attempt(invoice),
            "idempotency_key": f"refund-{make_secret(16)}",
            "lines": [line.as_json() for line in credited],
            "line_ids": [line.pk for line in lines],
            "reason": reason[:250],
            "amount": amount.amount,
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
        nudge("refunds")
    return refund


def _paying_attempt(invoice: Invoice) -> PaymentAttempt | None:
    """Return the charge that paid the invoice, or None where it was not paid by one."""
    paid = PaymentAttempt.objects.filter(
        organization_id=invoice.organization_id,
        invoice=invoice,
        status=AttemptStatus.SUCCEEDED,
        is_credited=False,
    )
    return paid.exclude(way=Way.PREPAID).exclude(charge_reference="").order_by("pk").first()
