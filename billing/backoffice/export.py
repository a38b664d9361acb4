"""All organizations' orders as a table for spreadsheets."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from billing.orders.models import Order
from manager.kit.spreadsheet import write_csv

MAX_ROWS = 50_000


def orders_as_csv(orders: QuerySet[Order]) -> bytes:
    """Return one row for each order, amounts in major units with a point, no cell a formula (INC-31)."""
    header = [
        _("Order"),
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
