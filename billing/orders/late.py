"""Money that came for an order when it was needed no more, and lies on the prepaid account (PRD-6)."""

from django.db.models import Sum

from billing.bank.models import BankReceipt
from billing.bank.status import Received
from billing.orders.models import Order
from billing.payments.models import PaymentAttempt
from manager.kit.money import Money


def late_money_of(*, order: Order) -> Money:
    """Return what was put on the prepaid account instead of paying `order`, by card or by transfer."""
    charged = PaymentAttempt.objects.filter(
        organization_id=order.organization_id, invoice=order.payable, is_credited=True
    )
    sent = BankReceipt.objects.filter(
        organization_id=order.organization_id, invoice=order.payable, kind=Received.BALANCE
    )
    parts = (charged.aggregate(sum=Sum("amount")), sent.aggregate(sum=Sum("to_balance")))
    return Money(sum(part["sum"] or 0 for part in parts), order.payable.currency)
