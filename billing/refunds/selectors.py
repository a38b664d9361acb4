"""What of a paid invoice can still be given back, and the refunds that were (BIL-14)."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet, Sum

from billing.changes.models import ChangeQuote
from billing.changes.status import ChangeStatus
from billing.disputes.models import Dispute
from billing.disputes.status import DisputeStatus
from billing.invoices.models import CreditNote, Invoice, InvoiceLine
from billing.invoices.status import InvoiceStatus
from billing.refunds.compute import LineLeft
from billing.refunds.models import Refund
from billing.refunds.services.begin import ChargeLeft, charge_left
from billing.refunds.set_off import list_set_off
from billing.refunds.status import OPEN, RefundStatus
from manager.kit.errors import NotFound
from manager.kit.money import Money


@dataclass(frozen=True, slots=True)
class Refundable:
    """What is left of a paid invoice: by line, in all, and of the charge that paid it."""

    invoice: Invoice
    lines: list[LineLeft]
    left: Money
    charge: ChargeLeft | None
    disputed: Money

    @property
    def charge_money(self) -> Money:
        """What can still go back to the means."""
        return Money(self.charge.left if self.charge is not None else 0, self.invoice.currency)


def get_refundable(*, invoice: Invoice) -> Refundable:
    """Read what of `invoice` is left, for a page or, with its row locked, for the verb.

    What credit notes took back, what refunds on their way take, what a change of the offer has set off
    against another invoice and what is disputed is gone.
    """
    gone = _gone_by_line(invoice)
    rows = InvoiceLine.objects.filter(organization_id=invoice.organization_id, invoice=invoice)
    lines = [LineLeft.of(row, gone.pop(row.pk, 0)) for row in rows.order_by("position")]
    lines = _take_unnamed(lines, sum(gone.values()))
    disputed: int = (
        Dispute.objects.filter(organization_id=invoice.organization_id, attempt__invoice=invoice)
        .exclude(status=DisputeStatus.WON)
        .aggregate(sum=Sum("amount"))["sum"]
        or 0
    )
    left = max(0, sum(line.left for line in lines) - disputed)
    charge = charge_left(invoice)
    return Refundable(
        invoice=invoice,
        lines=lines,
        left=Money(left if invoice.status == InvoiceStatus.PAID else 0, invoice.currency),
        charge=charge if charge is not None and charge.left > 0 and not disputed else None,
        disputed=Money(disputed, invoice.currency),
    )


def _gone_by_line(invoice: Invoice) -> dict[int, int]:
    """Return what is gone with VAT by line; under 0 what older credit notes took without naming a line."""
    owner = invoice.organization_id
    gone: dict[int, int] = defaultdict(int)
    notes = CreditNote.objects.filter(organization_id=owner, invoice=invoice).values_list("lines", flat=True)
    waiting = Refund.objects.filter(organization_id=owner, invoice=invoice, credit_note=None)
    for rows in [*notes, *waiting.values_list("lines", flat=True)]:
        _add(gone, rows)
    changes = ChangeQuote.objects.filter(
        organization_id=owner,
        status__in=[ChangeStatus.ACCEPTED, ChangeStatus.APPLIED],
        set_off__contains=[{"invoice": invoice.pk}],
    )
    for change in changes:
        taken_back: dict[int, int] = defaultdict(int)
        its_notes = CreditNote.objects.filter(organization_id=owner, invoice=change.invoice)
        for rows in its_notes.values_list("lines", flat=True) if change.invoice_id else ():
            _add(taken_back, rows)
        for row, by in list_set_off(change=change):
            if row["invoice"] == invoice.pk:  # what went back to this invoice stands on its own credit notes
                gone[row["line"]] += row["net"] + row["tax"] + (taken_back[by] if by else 0)
    return gone


def _add(gone: dict[int, int], rows: list[dict[str, Any]]) -> None:
    for row in rows:
        gone[row.get("line", 0)] += row["net"] + row["tax"]


def _take_unnamed(lines: list[LineLeft], amount: int) -> list[LineLeft]:
    """Take what no line was named for from the lines in their order."""
    if not amount:
        return lines
    found = []
    for line in lines:
        part = max(0, min(line.left, amount))
        amount -= part
        found.append(LineLeft(line.id, line.description, line.rate, line.net, line.tax, line.gone + part))
    return found


def list_refunds_of_all(*, search: str = "", status: str = "") -> QuerySet[Refund]:
    """Return the refunds of all organizations; `search` is a number or a part of a name."""
    refunds = Refund.objects.using("system").select_related(
        "organization", "invoice", "credit_note", "attempt"
    )
    if status == "open":
        refunds = refunds.filter(status__in=sorted(OPEN))
    elif status in RefundStatus.values:
        refunds = refunds.filter(status=status)
    return refunds.filter(_matches(search, "invoice__number")) if search else refunds


def list_paid_invoices(*, search: str = "") -> QuerySet[Invoice]:
    """Return the paid invoices of all organizations."""
    invoices = Invoice.objects.using("system").select_related("organization")
    invoices = invoices.filter(status=InvoiceStatus.PAID, total_amount__gt=0)
    return invoices.filter(_matches(search, "number")) if search else invoices


def _matches(search: str, number: str) -> Q:
    return Q(organization__name__icontains=search) | Q(**{f"{number}__iexact": search})


def get_paid_invoice(*, invoice_id: int) -> Invoice:
    """Return a paid invoice of any organization.

    :raises NotFound: there is none.
    """
    found = list_paid_invoices().select_related("organization", "legal_entity").filter(pk=invoice_id).first()
    if found is None:
        raise NotFound
    return found


def list_refunds(*, invoice: Invoice) -> list[Refund]:
    """Return the refunds of an invoice, oldest first, with their credit notes."""
    rows = Refund.objects.filter(organization_id=invoice.organization_id, invoice=invoice)
    return list(rows.select_related("credit_note").order_by("pk"))
