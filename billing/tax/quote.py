"""The one function that turns lines into net, VAT and total: cart, pro forma, invoice and to-pay call it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from billing.profiles.models import LegalEntity
from billing.profiles.party import Party
from billing.profiles.vat import member_state, tax_country, tax_place
from billing.tax.decision import TaxDecision, decide_tax
from billing.tax.models import Scheme
from billing.tax.selectors import StoredTables, TaxTables
from billing.tax.wording import percent
from manager.kit.errors import DomainError
from manager.kit.money import Money
from products.inventory.models import Product

Period = tuple[date, date]


class BadLine(DomainError):
    """A line has no positive quantity or a negative price, or a discount above it."""

    code = "bad_line"
    status = 422
    message = _("Please choose a quantity of at least one.")


@dataclass(frozen=True, slots=True)
class Credit:
    """What was paid before and is set off, at the VAT with which it was paid.

    `rate` in basis points; `code` is the rule of then, "" where it is not known.
    """

    net: Money
    tax: Money
    rate: int
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineInput:
    """One line to be priced: `unit` is the price of one for the whole period, without VAT.

    `period` is half-open (first day, first day no longer paid); None for a product that begins with
    its payment. `component` is empty for the product's plan, else an option's slug. A `credit` makes it
    a line below zero, whose unit is the credit's net, negative. A `discount`, without VAT, lowers the line
    for the reasons that `discounted_by` names (BIL-13). A line `is_trial` where it is for the free first
    months of a product that renews by its own period afterwards.
    """

    description: str
    unit: Money
    quantity: int = 1
    months: int | None = None
    product: Product | None = None
    period: Period | None = None
    component: str = ""
    credit: Credit | None = None
    is_trial: bool = False
    discount: Money | None = None
    discounted_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotedLine:
    """A line with its VAT, rounded half up once. `tax_rate` in basis points."""

    source: LineInput
    net: Money
    tax_rate: int
    tax: Money

    @property
    def description(self) -> str:
        """What the line says."""
        return self.source.description

    @property
    def quantity(self) -> int:
        """How many units."""
        return self.source.quantity

    @property
    def unit(self) -> Money:
        """The price of one unit, without VAT."""
        return self.source.unit

    @property
    def full(self) -> Money:
        """What the line costs before its discount, without VAT."""
        return self.source.unit * self.source.quantity

    @property
    def discount(self) -> Money:
        """What is taken off the line, without VAT."""
        return self.source.discount or Money.zero(self.net.currency)

    @property
    def months(self) -> int | None:
        """The length of the period."""
        return self.source.months

    @property
    def product(self) -> Product | None:
        """The product that the line pays."""
        return self.source.product

    @property
    def period(self) -> Period | None:
        """The days that the line pays, half-open."""
        return self.source.period


@dataclass(frozen=True, slots=True)
class RateSum:
    """The sum of the lines of one rate, for the summary (BIL-6)."""

    rate: int
    net: Money
    tax: Money

    @property
    def percent(self) -> str:
        """The rate as people write it in the active language."""
        return percent(self.rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Lines with their sums. Always `total == net + tax`, and both are the sums of the lines."""

    lines: tuple[QuotedLine, ...]
    net: Money
    tax: Money
    total: Money
    by_rate: tuple[RateSum, ...]
    decision: TaxDecision


def quote(
    *,
    lines: Sequence[LineInput],
    buyer: Party,
    seller: LegalEntity,
    currency: str,
    on: date,
    decision: TaxDecision | None = None,
) -> Quote:
    """Price `lines` for `buyer` with the VAT of the day of supply (BIL-6).

    That is the first day of the period that a line pays; `on`, the day of the sale, for a line without one.
    VAT is rounded half up, once per line; sums are sums of the rounded lines. `decision` is that of
    `decide_for` where it was made already.

    :raises BadLine: a quantity below one, a negative price, or a discount that is not within it.
    :raises CurrencyMismatch: a line is priced in another currency.
    """
    decision = decision or decide_for(buyer=buyer, seller=seller, on=on)
    rates = decision.rates
    quoted = tuple(_quote_line(line, rates.on(day_of_supply(line, on)) if rates else 0) for line in lines)
    net = Money.total((line.net for line in quoted), currency)
    tax = Money.total((line.tax for line in quoted), currency)
    return Quote(
        lines=quoted,
        net=net,
        tax=tax,
        total=net + tax,
        by_rate=sum_by_rate([(line.tax_rate, line.net, line.tax) for line in quoted], currency),
        decision=decision,
    )


def decide_for(
    *, buyer: Party, seller: LegalEntity, on: date, tables: TaxTables | None = None
) -> TaxDecision:
    """Return which VAT applies between the two on the day `on`, under the seller's scheme of that day."""
    tables = tables or StoredTables()
    scheme = _scheme(buyer, seller, on, tables)
    return decide_tax(buyer=buyer, seller_country=str(seller.country), on=on, scheme=scheme, tables=tables)


def day_of_supply(line: LineInput, on: date) -> date:
    """Return the day whose rate of VAT a line has: the first of its period, or that of the sale."""
    return line.period[0] if line.period else on


def _scheme(buyer: Party, seller: LegalEntity, on: date, tables: TaxTables) -> str:
    """Return the seller's scheme; it matters for a seller in the Union that sells to another member."""
    home = member_state(tax_country(str(seller.country)))
    there = member_state(tax_place(country=buyer.country, postal_code=buyer.postal_code))
    if not home or not there or home == there:
        return Scheme.ONE_STOP_SHOP
    return tables.scheme_of(seller, on)


def sum_by_rate(lines: Sequence[tuple[int, Money, Money]], currency: str) -> tuple[RateSum, ...]:
    """Return the sums of (rate, net, tax) for each rate, highest first."""
    rates = sorted({rate for rate, _net, _tax in lines}, reverse=True)
    return tuple(
        RateSum(
            rate,
            Money.total((net for other, net, _tax in lines if other == rate), currency),
            Money.total((tax for other, _net, tax in lines if other == rate), currency),
        )
        for rate in rates
    )


def _quote_line(line: LineInput, rate: int) -> QuotedLine:
    if line.credit is not None:
        credit = line.credit
        return QuotedLine(source=line, net=-credit.net, tax_rate=credit.rate, tax=-credit.tax)
    if line.quantity < 1 or line.unit.amount < 0:
        raise BadLine
    net = line.unit * line.quantity
    if line.discount is not None:
        if not 0 <= line.discount.amount <= net.amount:
            raise BadLine
        net -= line.discount
    return QuotedLine(source=line, net=net, tax_rate=rate, tax=net.at_rate(rate))
