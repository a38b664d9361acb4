"""What a payment takes from the prepaid account while another means pays the rest (BIL-3)."""

from billing.invoices.models import Invoice
from billing.ledger.models import AccountKind
from billing.ledger.selectors import get_balance
from billing.payments.models import PaymentAttempt
from billing.reservations.models import Reservation
from billing.reservations.selectors import due_of
from manager.kit.money import Money

LEAST_CHARGE = 50
"""The smallest sum in minor units that is left to the other means: providers charge nothing below 0.50."""


def balance_share(*, invoice: Invoice) -> Money:
    """Return the part of what `invoice` still costs that the balance can pay beside another means."""
    balance = get_balance(
        organization=invoice.organization, kind=AccountKind.PREPAID, currency=invoice.currency
    )
    most = due_of(invoice=invoice).amount - LEAST_CHARGE
    return Money(max(0, min(balance.amount, most)), invoice.currency)


def covers_all(*, invoice: Invoice) -> bool:
    """Return whether the balance pays all that `invoice` still costs."""
    balance = get_balance(
        organization=invoice.organization, kind=AccountKind.PREPAID, currency=invoice.currency
    )
    return balance >= due_of(invoice=invoice)


def can_share(*, invoice: Invoice) -> Money:
    """Return what the balance pays of `invoice` first, if it is wanted; zero where it pays all or nothing."""
    return Money.zero(invoice.currency) if covers_all(invoice=invoice) else balance_share(invoice=invoice)


def part_from_balance(attempt: PaymentAttempt) -> Money:
    """Return what was set aside for an attempt and is not given back: the part beside its own charge."""
    rows = Reservation.objects.filter(
        organization_id=attempt.organization_id, attempt_id=attempt.pk, released_at=None
    )
    return Money.total((row.money for row in rows), attempt.currency)
