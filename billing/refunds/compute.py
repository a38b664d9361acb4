"""What is given back of which line: no database, whole minor units (BIL-14).

A refund is entered as sums with VAT. The VAT of a part is never computed by itself: it is the VAT of all that
was given back of the line so far, less the VAT of what was given back before. So whatever parts a line goes
back in, the last one brings net and VAT to those of the invoice, to the cent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from billing.invoices.models import InvoiceLine
from billing.invoices.services.credit import CreditedLine
from manager.kit.money import Money


@dataclass(frozen=True, slots=True)
class LineLeft:
    """A line of a paid invoice with what of it is gone already, with VAT, in minor units."""

    id: int
    description: str
    rate: int
    net: int
    tax: int
    gone: int
    code: str = ""

    @classmethod
    def of(cls, line: InvoiceLine, gone: int) -> Self:
        """Return the line with what is gone of it."""
        net, tax = line.net_amount, line.tax_amount
        return cls(line.pk, line.description, line.tax_rate, net, tax, gone, line.tax_code)

    @property
    def total(self) -> int:
        """The whole line with VAT."""
        return self.net + self.tax

    @property
    def left(self) -> int:
        """What can still be given back, with VAT; below zero for a line that lowers the invoice."""
        return self.total - self.gone

    def tax_of(self, part: int) -> int:
        """Return the VAT in the first `part` of the line, rounded half up once."""
        return Money(self.tax, "CHF").share(part, self.total).amount if self.total else 0

    def give_back(self, part: int, currency: str) -> CreditedLine:
        """Return `part` of what is left, divided into net and VAT."""
        tax = self.tax_of(self.gone + part) - self.tax_of(self.gone)
        return CreditedLine(
            self.description, self.rate, Money(part - tax, currency), Money(tax, currency), self.id, self.code
        )


def spread(lines: Sequence[LineLeft], amount: int, *, left: int) -> dict[int, int]:
    """Divide `amount` of the `left` that lines still have among them, in proportion, to the cent.

    Each share lies between nothing and what is left of its line; all of `left` is all of each line.
    """
    shares: dict[int, int] = {}
    taken = before = 0
    for line in lines:
        before += line.left
        upto = Money(amount, "CHF").share(before, left).amount if left else 0
        shares[line.id] = upto - taken
        taken = upto
    return {number: share for number, share in shares.items() if share}


def compute_parts(
    lines: Sequence[LineLeft], parts: Mapping[int, int], *, currency: str
) -> list[CreditedLine]:
    """Return what the credit note says of `parts`: line id to sum with VAT, in the order of the lines."""
    return [line.give_back(parts[line.id], currency) for line in lines if parts.get(line.id)]
