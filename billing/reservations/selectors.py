"""Read what is set aside for an invoice."""

from collections.abc import Iterable

from django.db.models import QuerySet, Sum

from billing.invoices.models import Invoice
from billing.reservations.models import Reservation
from manager.kit.money import Money
from manager.kit.prepared import Prepared


def open_reservations(*, organization_id: int) -> QuerySet[Reservation]:
    """Return an organization's reservations that have not ended, oldest first."""
    found = Reservation.objects.filter(organization_id=organization_id, captured_at=None, released_at=None)
    return found.order_by("id")


def reserved_for(*, invoice: Invoice) -> Money:
    """Return what is set aside for an invoice and has not ended (BIL-3)."""
    return Money.total((row.money for row in list_open_of(invoice=invoice)), invoice.currency)


def list_open_of(*, invoice: Invoice) -> list[Reservation]:
    """Return what is set aside for an invoice and has not ended, oldest first."""
    return _OPEN_OF.fetch(organization_id=invoice.organization_id, invoice_id=invoice.pk)


def _build_open_of(*, organization_id: int, invoice_id: int) -> QuerySet[Reservation]:
    return open_reservations(organization_id=organization_id).filter(invoice_id=invoice_id)


_OPEN_OF: Prepared[Reservation] = Prepared(_build_open_of, planned_once=True)


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
