"""An order learns that it is paid."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from billing.invoices.models import Invoice
from billing.orders.models import Order
from billing.orders.status import TRANSITIONS, OrderStatus
from manager.kit.status import transition


@transaction.atomic
def mark_order_paid(*, invoice: Invoice, at: datetime) -> int:
    """Mark the pending orders that `invoice` paid, also those whose own draft went into it; return how many.

    Their products became active with the payment itself (PRD-7).
    """
    mine = Q(invoice=invoice) | Q(invoice__replaced_by=invoice)
    orders = list(
        Order.objects.select_for_update(of=("self",)).filter(
            mine, organization_id=invoice.organization_id, status=OrderStatus.PENDING
        )
    )
    for order in orders:
        transition(order, OrderStatus.PAID, TRANSITIONS)
        order.paid_at = at
        order.save(update_fields=["status", "paid_at"])
    return len(orders)
