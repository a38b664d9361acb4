"""What an order costs, line by line, as its invoice says it (PRD-4)."""

from dataclasses import dataclass

from billing.invoices.models import InvoiceLine
from billing.invoices.selectors import list_lines
from billing.orders.models import Order, OrderLine
from billing.tax.quote import RateSum, sum_by_rate
from manager.kit.money import Money


@dataclass(frozen=True, slots=True)
class PricedOrderLine:
    """A line of an order with what it costs without VAT, options included: `listed` less `discount` is `net`.

    `discount` is what codes and free credits take off, zero where there is none; `discounted_by` names them.
    """

    row: OrderLine
    listed: Money
    discount: Money
    discounted_by: str
    net: Money


@dataclass(frozen=True, slots=True)
class OrderSums:
    """The lines of an order and their sums; `rates` holds one sum of VAT for each rate."""

    lines: list[PricedOrderLine]
    has_discount: bool
    net: Money
    rates: tuple[RateSum, ...]
    total: Money


def sum_order(*, order: Order) -> OrderSums:
    """Return what `order` costs by the lines of the invoice that is paid for it. One query beside its lines.

    Where that invoice is over other things as well (BIL-2), only what is of the order counts.
    """
    lines = list(order.lines.all())
    ordered = {line.product_id for line in lines}
    billed = [row for row in list_lines(invoice=order.payable) if row.product_id in ordered]
    currency = order.invoice.currency
    net = Money.total((row.net for row in billed), currency)
    return OrderSums(
        lines=[_price(line, billed, currency) for line in lines],
        has_discount=any(row.discount_amount for row in billed),
        net=net,
        rates=sum_by_rate([(row.tax_rate, row.net, row.tax) for row in billed], currency),
        total=net + Money.total((row.tax for row in billed), currency),
    )


def _price(line: OrderLine, billed: list[InvoiceLine], currency: str) -> PricedOrderLine:
    mine = [row for row in billed if row.product_id == line.product_id]
    net = Money.total((row.net for row in mine), currency)
    discount = Money.total((row.discount for row in mine), currency)
    names = dict.fromkeys(row.discounted_by for row in mine if row.discounted_by)
    return PricedOrderLine(line, net + discount, discount, ", ".join(names), net)
