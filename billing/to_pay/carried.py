"""What of an invoice goes into another one: its lines at the prices that were agreed, if it may."""

from collections.abc import Iterable

from billing.invoices.fulfilment import find_fulfiller
from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.selectors import list_lines
from billing.invoices.status import InvoiceStatus
from billing.tax.quote import LineInput
from billing.to_pay.errors import NumberedPaidAlone, PaidAlone
from manager.kit.errors import DomainError
from manager.kit.money import Money


def paid_alone(invoice: Invoice, currency: str) -> DomainError | None:
    """Return why the invoice cannot become part of another one in `currency`, or None where it can."""
    if invoice.status == InvoiceStatus.OPEN:
        return NumberedPaidAlone()
    if find_fulfiller(invoice.origin) or invoice.currency != currency:
        return PaidAlone()
    return None


def lines_of(invoice: Invoice) -> list[LineInput]:
    """Return the lines of an invoice as they went in, at the prices that were agreed."""
    return carry(list_lines(invoice=invoice), invoice.currency)


def carry(lines: Iterable[InvoiceLine], currency: str) -> list[LineInput]:
    """Return `lines`, read with their products, as they went into their invoice."""
    return [
        LineInput(
            description=line.description,
            unit=Money(line.unit_amount, currency),
            quantity=line.quantity,
            months=line.months,
            product=line.product,
            period=(line.period.lower, line.period.upper) if line.period else None,
            component=line.component,
            is_trial=line.is_trial,
            discount=Money(line.discount_amount, currency) if line.discount_amount else None,
            discounted_by=line.discounted_by,
        )
        for line in lines
    ]
