"""On which invoices a surplus is credited: none is credited more than it is over (PRD-14, BIL-14).

A line of a change is worth what it charges, its invoice only what was left to pay after earlier lines were
set off. What is given back beyond that was paid with the invoices of those lines, and is credited on them, at
the VAT with which they were paid.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from billing.changes.models import ChangeQuote
from billing.changes.stored import GivenBack
from billing.invoices.models import CreditNote, Invoice, InvoiceLine
from billing.refunds.models import Refund
from billing.refunds.set_off import list_set_off
from manager.kit.money import Money


def spread_surplus(*, change: ChangeQuote, rows: Sequence[GivenBack]) -> list[GivenBack]:
    """Return `rows` divided so that each invoice has room for what is credited on it; the sums are the same.

    Each row that comes back has the VAT of the line that it names; one below zero takes a set-off back.

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
class _SetOff:
    """What the invoice of a change has set off of an earlier `paid` line, by its own line `by`.

    `left` of it is set off still, VAT included; the rest went back to the earlier line.
    """

    paid: GivenBack
    by: int
    left: int

    def next(self, amount: int) -> GivenBack:
        """Return the next `amount` of what is left, at the VAT with which it was paid."""
        gone = self.paid.gross.amount - self.left
        tax = self._tax_of(gone + amount) - self._tax_of(gone)
        return replace(self.paid, net=Money(amount, tax.currency) - tax, tax=tax)

    def _tax_of(self, part: int) -> Money:
        return self.paid.tax.share(part, self.paid.gross.amount)


@dataclass(slots=True)
class _Spread:
    """What a surplus is divided into so far, and what is left to be credited: of invoices, and of lines."""

    change: ChangeQuote
    _found: dict[tuple[int, int], GivenBack] = field(default_factory=dict)
    _room: dict[int, int] = field(default_factory=dict)
    _left_of_line: dict[int, int] = field(default_factory=dict)
    _set_off: dict[int, list[_SetOff]] = field(default_factory=dict)

    @property
    def found(self) -> list[GivenBack]:
        """What is credited of each line, at its own VAT; what moves nothing on its invoice is left out."""
        rows = [row for row in self._found.values() if row.net or row.tax]
        net = Counter[int]()
        tax = Counter[int]()
        for row in rows:
            net[row.invoice] += row.net.amount
            tax[row.invoice] += row.tax.amount
        return [row for row in rows if net[row.invoice] or tax[row.invoice]]

    def place(self, row: GivenBack) -> GivenBack | None:
        """Credit `row` on its invoice, then on those of the lines that it set off, each up to its worth.

        Return what has no room. What goes to an earlier invoice was set off against the line of `row`: that
        is taken back together with the line, so that each of the three has the VAT with which it was billed.
        The credit notes remember it: the same worth is not taken twice from an invoice, whose other lines
        pay other products.
        """
        rest = self._credit(row)
        for former in self._set_off_by(row.invoice):
            if rest is None:
                break
            part, after = _split(rest, former.left)
            if part is None:
                continue
            wanted = former.next(part.gross.amount)
            over = self.place(wanted)
            gone = wanted if over is None else _added(wanted, _negative(over))
            moved, back = _split(part, gone.gross.amount)
            if moved is not None:
                former.left -= gone.gross.amount
                self._note(moved)
                self._note(replace(_negative(gone), invoice=row.invoice, line=former.by))
            rest = _sum_of(row, [one for one in (after, back) if one is not None])
        return rest

    def _credit(self, row: GivenBack) -> GivenBack | None:
        if row.invoice not in self._room:
            self._read(row.invoice)
        free = min(self._room[row.invoice], self._left_of_line[row.line])
        kept, rest = _split(row, free)
        if kept is not None:
            self._room[row.invoice] -= kept.gross.amount
            self._note(kept)
        return rest

    def _note(self, row: GivenBack) -> None:
        self._left_of_line[row.line] -= row.gross.amount
        before = self._found.get((row.invoice, row.line))
        self._found[row.invoice, row.line] = row if before is None else _added(before, row)

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

    def _set_off_by(self, invoice_id: int) -> list[_SetOff]:
        """Return what an invoice has set off, its own lines being read already."""
        if invoice_id not in self._set_off:
            formers = ChangeQuote.objects.filter(
                organization_id=self.change.organization_id,
                product_id=self.change.product_id,
                invoice_id=invoice_id,
            )
            self._set_off[invoice_id] = [
                _SetOff(GivenBack.from_json(row, former.currency), by, -self._left_of_line[by])
                for former in formers
                for row, by in list_set_off(change=former)
                if by
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


def _added(row: GivenBack, other: GivenBack) -> GivenBack:
    return replace(row, net=row.net + other.net, tax=row.tax + other.tax)


def _negative(row: GivenBack) -> GivenBack:
    return replace(row, net=-row.net, tax=-row.tax)


def _sum_of(row: GivenBack, parts: Iterable[GivenBack]) -> GivenBack | None:
    """Return parts of `row` as one; None where there are none."""
    rows = list(parts)
    if not rows:
        return None
    currency = row.net.currency
    net, tax = (Money.total((getattr(one, name) for one in rows), currency) for name in ("net", "tax"))
    return replace(row, net=net, tax=tax)
