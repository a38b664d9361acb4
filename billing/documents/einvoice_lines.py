"""The lines of an invoice or a credit note as the standard knows them (BIL-18)."""

from dataclasses import dataclass
from datetime import date, timedelta

from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.services.credit import CreditedLine
from billing.tax.decision import EXPORT, REVERSE_CHARGE
from manager.kit.money import Money

STANDARD, REVERSED, EXPORTED, ZERO = "S", "AE", "G", "Z"
WHY_NONE = {REVERSED: "VATEX-EU-AE", EXPORTED: "VATEX-EU-G"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperLine:
    """A line of either document; `rate` in basis points, `code` the rule of its VAT.

    A line below zero has a quantity below zero.
    """

    name: str
    unit: Money
    quantity: int
    net: Money
    tax: Money
    rate: int
    code: str
    discount: Money | None = None
    discounted_by: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def category(self) -> str:
        """The category of its VAT in the words of the standard."""
        return STANDARD if self.rate else {REVERSE_CHARGE: REVERSED, EXPORT: EXPORTED}.get(self.code, ZERO)

    @property
    def rule(self) -> tuple[str, str]:
        """The category, with the code of the rule that explains it where there is no VAT."""
        return self.category, self.code if self.category in WHY_NONE else ""


def billed(line: InvoiceLine, invoice: Invoice) -> PaperLine:
    """Return a line of an invoice."""
    sign = -1 if line.unit_amount < 0 else 1
    period, currency = line.period, invoice.currency
    return PaperLine(
        name=line.description,
        unit=Money(line.unit_amount * sign, currency),
        quantity=line.quantity * sign,
        net=Money(line.net_amount, currency),
        tax=Money(line.tax_amount, currency),
        rate=line.tax_rate,
        code=_code(line.tax_code, invoice),
        discount=Money(line.discount_amount, currency) if line.discount_amount else None,
        discounted_by=line.discounted_by,
        first=period.lower if period else None,
        last=period.upper - timedelta(days=1) if period else None,
    )


def credited_part(line: CreditedLine, invoice: Invoice) -> PaperLine:
    """Return what a credit note over a paid invoice gives back of a line."""
    sign = -1 if line.net.amount < 0 else 1
    return PaperLine(
        name=line.description,
        unit=line.net * sign,
        quantity=sign,
        net=line.net,
        tax=line.tax,
        rate=line.rate,
        code=_code(line.code, invoice),
    )


def _code(code: str, invoice: Invoice) -> str:
    """Return the rule of a line's VAT: the invoice's, unless it sets off what was sold under another one.

    The standard takes no reverse charge for a recipient without a number, also where there was one then.
    """
    if code == REVERSE_CHARGE and not invoice.buyer["vat_number"]:
        return ""
    return code or invoice.tax_code
