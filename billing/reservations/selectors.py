"""Read what is set aside for an invoice."""

from collections.abc import Iterable

from django.db.models import QuerySet, Sum

from billing.invoices.models import Invoice
from billing.reservations.models import Reservation
from manager.kit.money import Money


def open_reservations(*, organization_id: int) -> QuerySet[Reservation]:
    """Return an organization's reservations that have not ended, oldest first."""
    found = Reservation.objects.filter(organization_id=organization_id, captured_at=None, released_at=None)
    return found.order_by("id")


def reserved_for(*, invoice: Invoice) -> Money:
    """Return what is set aside for an invoice and has not ended (BIL-3)."""
    found = open_reservations(organization_id=invoice.organization_id).filter(invoice=invoice)
    return Money(found.aggregate(sum=Sum("amount"))["sum"] or 0, invoice.currency)


def due_of(*, invoice: Invoice) -> Money:
    """Return what an invoice still costs: its total less what is set aside for it."""
    return invoice.total - reserved_for(invoice=invoice)


def captured_of(*, invoice: Invoice) -> list[Reservation]:
    """Return the reservations with which a part of a paid invoice was paid, oldest first (BIL-14)."""
    found = Reservation.objects.filter(
        organization_id=invoice.organization_id, invoice=invoice, captured_at__isnull=False
    )
    return list(found.order_by("id"))


def reserved_by_invoice(*, organization_id: int, invoice_ids: Iterable[int]) -> dict[int, int]:
    """Return what is set aside for each of several invoices, in minor units; those without are left out."""
    found = open_reservations(organization_id=organization_id).filter(invoice_id__in=list(invoice_ids))
    sums = found.order_by().values("invoice_id").annotate(sum=Sum("amount"))
    return {row["invoice_id"]: row["sum"] for row in sums}
