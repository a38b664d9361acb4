"""Pages of invoices for programs: rows without what only people are shown (API-1)."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localtime

from billing.invoices.models import Invoice
from billing.invoices.selectors import find_invoices
from manager.kit.keyset import COMMON_SIZES, NEWEST, take_page
from manager.kit.prepared import Prepared
from organizations.profile.models import Organization

TOLD = (
    "organization_id", "number", "status", "currency", "net_amount", "tax_amount", "total_amount",
    "created_at", "issued_on", "due_on", "paid_at", "paid_with", "purchase_order",
)  # fmt: skip


def take_invoices(*, organization: Organization, **filters: Any) -> Callable[..., list[Invoice]]:
    """Return what gives rows of `find_invoices` for the keywords of `take_page`. One query."""
    is_common = not any(value not in (None, "") for value in filters.values())

    def take(*, size: int, offset: int = 0, **place: Any) -> list[Invoice]:
        if is_common and size in COMMON_SIZES and not offset:
            return _PAGE.fetch(organization_id=organization.pk, size=size, **place)
        found = find_invoices(organization=organization, **filters).only(*TOLD)
        return list(take_page(found, key=NEWEST, size=size, offset=offset, **place))

    return take


def _build_page(*, organization_id: int, **place: Any) -> QuerySet[Invoice]:
    found = find_invoices(organization=Organization(pk=organization_id)).only(*TOLD)
    return take_page(found, key=NEWEST, **place)


_PAGE: Prepared[Invoice] = Prepared(_build_page, shape=["falling", "size"])


def describe_invoice(invoice: Invoice) -> dict[str, Any]:
    """Return an invoice as InvoiceOutput writes it, which would take several times as long."""
    currency = invoice.currency
    return {
        "id": invoice.pk,
        "number": invoice.number,
        "status": invoice.status,
        "net_amount": {"amount": invoice.net_amount, "currency": currency},
        "tax_amount": {"amount": invoice.tax_amount, "currency": currency},
        "total_amount": {"amount": invoice.total_amount, "currency": currency},
        "created_at": localtime(invoice.created_at),
        "issued_on": invoice.issued_on,
        "due_on": invoice.due_on,
        "paid_at": invoice.paid_at and localtime(invoice.paid_at),
        "paid_with": invoice.means,
        "purchase_order": invoice.purchase_order,
    }
