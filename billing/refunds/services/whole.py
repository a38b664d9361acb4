"""Lines of a paid invoice are given back as a whole, such as those of an order that is refused (BIL-14)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.services.trouble import stop_trying
from billing.refunds.compute import compute_parts
from billing.refunds.models import Refund
from billing.refunds.selectors import get_refundable
from billing.refunds.services.begin import charge_left, store_refund
from manager.kit.actor import Actor


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

    The caller has locked the invoice; `origin_key` names the cause. What of the lines was given back before
    is not given again. What was paid from the prepaid account, or by nothing that takes money back, becomes
    balance. The lines are not to be fulfilled any more. `reason` stands on the credit note.
    """
    chosen = {line.pk for line in lines}
    stop_trying(invoice=invoice, line_ids=sorted(chosen))
    refundable = get_refundable(invoice=invoice)
    left = {line.id: line.left for line in refundable.lines if line.id in chosen}
    return store_refund(
        invoice=invoice,
        credited=compute_parts(refundable.lines, left, currency=invoice.currency),
        charge=charge_left(invoice),
        origin_key=origin_key,
        reason=reason,
        actor=actor,
        at=at,
    )
