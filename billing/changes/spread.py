"""On which invoices a surplus is credited: none is credited more than it is over (PRD-14, BIL-14).

A line of a change is worth what it charges, its invoice only what was left to pay after earlier lines were
set off. What is given back beyond that was paid with the invoices of those lines, and is credited on them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from billing.changes.models import ChangeQuote
from billing.changes.stored import GivenBack
from billing.invoices.models import CreditNote, Invoice, InvoiceLine
from billing.refunds.models import Refund
from manager.kit.money import Money


def spread_surplus(*, change: ChangeQuote, rows: Sequence[GivenBack]) -> list[GivenBack]:
    """Return `rows` divided so that each invoice has room for what is credited on it; the sum is the same.

    :raises LookupError: there is not so much room; nothing may be credited then.
    """
    spread = _Spread(change)
    # The oldest first, which can go to the fewest invoices.
    for row in sorted(rows, key=lambda one: one.invoice):
        if spread.place(row) is not None:
            raise LookupError(f"What was paid up to invoice {row.invoice} is less than is given back.")
    return spread.found


def invoices_of_surplus(*, change: ChangeQuote) -> set[int]:
    """Return the ids of all invoices on which the surplus of a change may be credited."""
    found = waiting = {row["invoice"] for row in change.surplus}
    while waiting:
        made_by = ChangeQuote.objects.filter(
            organization_id=change.organization_id, product_id=change.product_id, invoice_id__in=waiting
        )
        earlier = {row["invoice"] for rows in made_by.values_list("set_off", flat=True) for row in rows}
        waiting = earlier - found
        found = found | waiting
    return found


@dataclass(slots=True)
class _Spread:
    """What a surplus is divided into so far, and what is left to be credited: of invoices, and of lines."""

    change: ChangeQuote
    found: list[GivenBack] = field(default_factory=list)
    _room: dict[int, int] = field(default_factory=dict)
    _left_of_line: dict[int, int] = field(default_factory=dict)
    _set_off: dict[int, list[GivenBack]] = field(default_factory=dict)
    _taken: dict[tuple[int, int], int] = field(default_factory=dict)

    def place(self, row: GivenBack) -> GivenBack | None:
        """Credit `row` on its invoice, then on those of the lines that it set off, each up to its worth.

        Return what has no room. What an earlier change gave back of those lines is remembered by its credit
        notes: the same worth is not taken twice from an invoice, whose other lines pay other products.
        """
        rest = self._credit(row)
        for number, earlier in enumerate(self._set_off_by(row.invoice)):
            if rest is None:
                break
            taken = self._taken.get((row.invoice, number), 0)
            part, after = _split(rest, earlier.gross.amount - taken)
            if part is None:
                continue
            over = self.place(replace(part, line=earlier.line, invoice=earlier.invoice))
            gone = part.gross if over is None else part.gross - over.gross
            self._taken[row.invoice, number] = taken + gone.amount
            rest = _sum_of(row, [one for one in (after, over) if one is not None])
        return rest

    def _credit(self, row: GivenBack) -> GivenBack | None:
        if row.invoice not in self._room:
            self._read(row.invoice)
        free = min(self._room[row.invoice], self._left_of_line[row.line])
        kept, rest = _split(row, free)
        if kept is not None:
            self._room[row.invoice] -= kept.gross.amount
            self._left_of_line[row.line] -= kept.gross.amount
            self.found.append(kept)
        return rest

    def _read(self, invoice_id: int) -> None:
        """Read what can still be credited on an invoice and on each of its lines, VAT included."""
        owner = self.change.organization_id
        invoice = Invoice.objects.get(organization_id=owner, pk=invoice_id)
        notes = CreditNote.objects.filter(organization_id=owner, invoice_id=invoice_id)
        refunds = Refund.objects.filter(organization_id=owner, invoice_id=invoice_id, credit_note=None)
        given = [*notes.values_list("total_amount", "lines"), *refunds.values_list("amount", "lines")]
        self._room[invoice_id] = max(0, invoice.total_amount - sum(amount for amount, _lines in given))
        lines = InvoiceLine.objects.filter(organization_id=owner, invoice_id=invoice_id)
        for key, net, tax in lines.values_list("pk", "net_amount", "tax_amount"):
            self._left_of_line[key] = net + tax
        for _amount, rows in given:
            for row in rows:
                if row.get("line") in self._left_of_line:
                    self._left_of_line[row["line"]] -= row["net"] + row["tax"]

    def _set_off_by(self, invoice_id: int) -> list[GivenBack]:
        if invoice_id not in self._set_off:
            made_by = ChangeQuote.objects.filter(
                organization_id=self.change.organization_id,
                product_id=self.change.product_id,
                invoice_id=invoice_id,
            )
            self._set_off[invoice_id] = [
                GivenBack.from_json(data, former.currency) for former in made_by for data in former.set_off
            ]
        return self._set_off[invoice_id]


def _split(row: GivenBack, amount: int) -> tuple[GivenBack | None, GivenBack | None]:
    """Return the part of `row` that is worth `amount` with its VAT, and what is left of it."""
    gross, currency = row.gross.amount, row.net.currency
    if amount <= 0:
        return None, row
    if gross <= amount:
        return row, None
    tax = Money(row.tax.amount * amount // gross, currency)
    net = Money(amount, currency) - tax
    return replace(row, net=net, tax=tax), replace(row, net=row.net - net, tax=row.tax - tax)


def _sum_of(row: GivenBack, parts: Iterable[GivenBack]) -> GivenBack | None:
    """Return parts of `row` as one; None where there are none."""
    rows = list(parts)
    if not rows:
        return None
    currency = row.net.currency
    net, tax = (Money.total((getattr(one, name) for one in rows), currency) for name in ("net", "tax"))
    return replace(row, net=net, tax=tax)
