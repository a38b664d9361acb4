"""What a quote keeps of its computation: enough to write the invoice and the credit notes from."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from billing.changes.proration import Return
from manager.kit.money import Money


@dataclass(frozen=True, slots=True)
class ChargedDays:
    """What a component costs for days to come (half-open), without VAT; they lie in a period of `months`."""

    component: str
    months: int
    first: date
    end: date
    net: Money

    @classmethod
    def from_json(cls, row: dict[str, Any], currency: str) -> Self:
        """Return the charge as the quote has it."""
        first, end = (date.fromisoformat(row[name]) for name in ("first", "end"))
        return cls(row["component"], row["months"], first, end, Money(row["net"], currency))

    def as_json(self) -> dict[str, Any]:
        """Return the charge for the quote."""
        days = {"first": self.first.isoformat(), "end": self.end.isoformat()}
        return {"component": self.component, "months": self.months, "net": self.net.amount, **days}


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What of a paid line is given back, with the VAT that was paid for it.

    `rate` in basis points; `code` is the rule of the VAT, "" in quotes from before it was kept.
    """

    line: int
    invoice: int
    component: str
    rate: int
    net: Money
    tax: Money
    code: str = ""

    @classmethod
    def of(cls, row: Return) -> Self:
        """Return what is given back as it is kept."""
        paid = row.paid
        return cls(paid.line, paid.invoice, paid.component, paid.rate, row.net, row.tax, paid.code)

    @classmethod
    def from_json(cls, row: dict[str, Any], currency: str) -> Self:
        """Return what is given back as the quote has it."""
        net, tax = Money(row["net"], currency), Money(row["tax"], currency)
        code = row.get("code", "")
        return cls(row["line"], row["invoice"], row["component"], row["rate"], net, tax, code)

    def as_json(self) -> dict[str, Any]:
        """Return what is given back for the quote."""
        kept = {name: getattr(self, name) for name in ("line", "invoice", "component", "rate", "code")}
        return {**kept, "net": self.net.amount, "tax": self.tax.amount}

    @property
    def gross(self) -> Money:
        """The sum with its VAT."""
        return self.net + self.tax
