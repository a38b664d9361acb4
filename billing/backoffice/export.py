"""All organizations' orders, and invoices whose countries differ, as tables for spreadsheets."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from billing.invoices.models import Invoice
from billing.orders.models import Order
from billing.tax.proofs import SOURCES
from manager.kit.spreadsheet import write_csv

MAX_ROWS = 50_000


def orders_as_csv(orders: QuerySet[Order]) -> bytes:
    """Return one row for each order, amounts in major units with a point, no cell a formula (INC-31)."""
    header = [
        pgettext("noun", "Order"),
        _("Status"),
        _("Organization"),
        _("Ordered"),
        _("Paid at"),
        pgettext("an order", "Cancelled"),
        _("Currency"),
        _("Total with VAT"),
        _("Number"),
    ]
    return write_csv(header, (_row(order) for order in orders[:MAX_ROWS]))


def differing_as_csv(invoices: QuerySet[Invoice]) -> bytes:
    """Return one row for each invoice, with the country that each source told, as its code (BIL-6)."""
    header = [
        _("Number"),
        _("Date"),
        _("Organization"),
        _("Company"),
        *(str(source) for source in SOURCES.values()),
        _("Currency"),
        _("VAT"),
        _("Total with VAT"),
    ]
    return write_csv(header, (_differing_row(invoice) for invoice in invoices[:MAX_ROWS]))


def _differing_row(invoice: Invoice) -> list[object]:
    known = invoice.tax_evidence["countries"]
    return [
        invoice.number,
        invoice.issued_on,
        invoice.organization.name,
        invoice.legal_entity.name,
        *(known.get(source, "") for source in SOURCES),
        invoice.currency,
        str(invoice.tax.as_decimal()),
        str(invoice.total.as_decimal()),
    ]


def _row(order: Order) -> list[object]:
    moments = (order.created_at, order.paid_at, order.cancelled_at)
    return [
        order.pk,
        order.get_status_display(),
        order.organization.name,
        *(moment.isoformat(timespec="seconds") if moment else "" for moment in moments),
        order.invoice.currency,
        str(order.invoice.total.as_decimal()),
        order.payable.number or "",
    ]
