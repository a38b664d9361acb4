"""On which invoices a surplus is credited: none is credited more than it is over (PRD-14, BIL-14).

A line of a change is worth what it charges, its invoice only what was left to pay after earlier lines were
set off. What is given back beyond that was paid with the invoices of those lines, and is credited on them.
"""

from collections.abc import Sequence
from dataclasses import replace

from django.db.models import Sum

from billing.changes.models import ChangeQuote
from billing.changes.stored import GivenBack
from billing.invoices.models import CreditNote, Invoice
from billing.refunds.models import Refund
from manager.kit.money import Money


def spread_surplus(*, change: ChangeQuote, rows: Sequence[GivenBack]) -> list[GivenBack]:
    """Return `rows` divided so that each invoice has room for what is credited on it; the sum is the same."""
    waiting, found = list(rows), []
    room: dict[int, int] = {}
    taken: dict[tuple[int, int], int] = {}
    while waiting:
        row = waiting.pop(0)
        free = room.setdefault(row.invoice, _room(change.organization_id, row.invoice))
        kept, rest = _split(row, free)
        if kept is not None:
            room[row.invoice] = free - kept.gross.amount
            found.append(kept)
        if rest is not None:
            waiting += _on_earlier(change, rest, taken)
    return found


def _room(organization_id: int, invoice_id: int) -> int:
    """Return what can still be credited on an invoice, VAT included."""
    invoice = Invoice.objects.get(organization_id=organization_id, pk=invoice_id)
    notes = CreditNote.objects.filter(organization_id=organization_id, invoice_id=invoice_id)
    refunds = Refund.objects.filter(organization_id=organization_id, invoice_id=invoice_id, credit_note=None)
    gone = notes.aggregate(sum=Sum("total_amount"))["sum"] or 0
    return max(0, invoice.total_amount - gone - (refunds.aggregate(sum=Sum("amount"))["sum"] or 0))


def _split(row: GivenBack, amount: int) -> tuple[GivenBack | None, GivenBack | None]:
    """Return the part of `row` that is worth `amount` with its VAT, and what is left of it."""
    gross, currency = row.gross.amount, row.net.currency
    if gross <= amount:
        return row, None
    if amount <= 0:
        return None, row
    tax = Money(row.tax.amount * amount // gross, currency)
    net = Money(amount, currency) - tax
    return replace(row, net=net, tax=tax), replace(row, net=row.net - net, tax=row.tax - tax)


def _on_earlier(change: ChangeQuote, rest: GivenBack, taken: dict[tuple[int, int], int]) -> list[GivenBack]:
    """Divide what is left over the lines that the invoice of `rest` set off, each up to its worth.

    :raises LookupError: they are not worth so much; nothing is credited then.
    """
    found: list[GivenBack] = []
    made_by = ChangeQuote.objects.filter(
        organization_id=change.organization_id, product_id=change.product_id, invoice_id=rest.invoice
    )
    left: GivenBack | None = rest
    for former in made_by:
        for number, data in enumerate(former.set_off):
            earlier = GivenBack.from_json(data, former.currency)
            used = taken.get((former.pk, number), 0)
            if left is None:
                break
            part, left = _split(left, earlier.gross.amount - used)
            if part is not None:
                taken[former.pk, number] = used + part.gross.amount
                found.append(replace(part, line=earlier.line, invoice=earlier.invoice))
    if left is not None:
        raise LookupError(f"Invoice {rest.invoice} set off less than is given back.")
    return found
