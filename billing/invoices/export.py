"""Invoices as a table for spreadsheets (BIL-19)."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from billing.invoices.models import CreditNote, Invoice
from manager.kit.money import Money
from manager.kit.spreadsheet import write_csv

MAX_ROWS = 50_000


def invoices_as_csv(invoices: QuerySet[Invoice]) -> bytes:
    """Return one row for each invoice, amounts in major units with a point, no cell a formula (INC-31)."""
    header = [
        _("Number"),
        _("Status"),
        _("Date"),
        _("Pay by"),
        _("Paid at"),
        _("Billed to"),
        _("Country"),
        _("VAT number"),
        _("Content"),
        _("Currency"),
        _("Total without VAT"),
        _("VAT"),
        _("Total with VAT"),
        _("Paid with"),
        _("Your order number"),
    ]
    return write_csv(header, (_row(invoice) for invoice in invoices[:MAX_ROWS]))


def notes_as_csv(notes: QuerySet[CreditNote]) -> bytes:
    """Return one row for each credit note, with the invoice that it takes back (BIL-5, BIL-19)."""
    header = [
        _("Number"),
        _("Date"),
        _("Invoice"),
        _("Reason"),
        _("Currency"),
        _("Total without VAT"),
        _("VAT"),
        _("Total with VAT"),
    ]
    return write_csv(header, (_note_row(note) for note in notes[:MAX_ROWS]))


def _note_row(note: CreditNote) -> list[object]:
    tax = Money(note.tax_amount, note.currency)
    return [
        note.number,
        note.issued_on,
        note.invoice.number,
        note.told_reason,
        note.currency,
        str((note.total - tax).as_decimal()),
        str(tax.as_decimal()),
        str(note.total.as_decimal()),
    ]


def _row(invoice: Invoice) -> list[object]:
    return [
        invoice.number or "",
        invoice.get_status_display(),
        invoice.issued_on,
        invoice.due_on,
        invoice.paid_at.isoformat(timespec="seconds") if invoice.paid_at else "",
        invoice.buyer["name"],
        invoice.buyer["country"],
        invoice.buyer["vat_number"],
        getattr(invoice, "first_line", ""),
        invoice.currency,
        str(invoice.net.as_decimal()),
        str(invoice.tax.as_decimal()),
        str(invoice.total.as_decimal()),
        invoice.means,
        invoice.purchase_order,
    ]
