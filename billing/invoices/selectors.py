"""Read invoices."""

from datetime import date
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.db.models import Count, Exists, F, Model, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, ExtractYear, TruncDate
from django.utils.translation import gettext_lazy as _

from billing.bank.models import BankReceipt
from billing.bank.status import Received
from billing.invoices.models import CreditNote, Invoice, InvoiceLine
from billing.invoices.status import PAYABLE, InvoiceStatus
from billing.payments.models import AnnouncedTransfer
from manager.kit.errors import NotFound
from manager.kit.ids import MAX_ID
from manager.kit.keyset import PAGE_SIZE, Page, SortKey, paginate
from organizations.profile.models import Organization

Row = TypeVar("Row", bound=Model)

# What people choose in the filter: both states that wait for money are one to them.
STATUS_GROUPS: dict[str, frozenset[str]] = {
    "to_pay": PAYABLE,
    "paid": frozenset({InvoiceStatus.PAID}),
    "cancelled": frozenset({InvoiceStatus.CANCELLED, InvoiceStatus.VOID}),
}


def _parse_id(text: str) -> int:
    number = int(text)
    if not 0 <= number <= MAX_ID:
        raise ValueError(text)
    return number


NEWEST_FIRST = SortKey(F("id"), lambda invoice: str(invoice.pk), parse=_parse_id)


def find_invoices(
    *,
    organization: Organization,
    status: str = "",
    year: int | None = None,
    search: str = "",
    since: date | None = None,
    until: date | None = None,
    least: int | None = None,
    most: int | None = None,
) -> QuerySet[Invoice]:
    """Return the organization's invoices, in no order.

    `status` is a status or a group of STATUS_GROUPS; `search` looks in numbers, descriptions and
    product names; `since` and `until` are days of issue (of drafting before that), both included, and
    `least` and `most` the total in minor units.
    """
    invoices = Invoice.objects.filter(organization_id=organization.pk)
    if status:
        invoices = invoices.filter(status__in=STATUS_GROUPS.get(status, frozenset({status})))
    if year is not None:
        invoices = invoices.annotate(year=_year()).filter(year=year)
    if since is not None or until is not None:
        invoices = _between(invoices.annotate(day=_day()), "day", since, until)
    invoices = _between(invoices, "total_amount", least, most)
    return invoices.filter(matches(search.strip())) if search.strip() else invoices


def list_invoices(*, organization: Organization, **filters: Any) -> QuerySet[Invoice]:
    """Return `find_invoices`, newest first; each has `first_line` (text), `line_count` and `other_lines`."""
    invoices = find_invoices(organization=organization, **filters)
    lines = InvoiceLine.objects.filter(invoice=OuterRef("pk")).order_by("position")
    return invoices.annotate(
        first_line=Subquery(lines.values("description")[:1]),
        awaits_transfer=awaits_transfer(OuterRef("pk"), organization_id=organization.pk),
        line_count=Count("lines"),
        other_lines=Count("lines") - 1,
    ).order_by("-id")


def _between(rows: QuerySet[Row], field: str, first: Any, last: Any) -> QuerySet[Row]:
    if first is not None:
        rows = rows.filter(**{f"{field}__gte": first})
    return rows if last is None else rows.filter(**{f"{field}__lte": last})


def get_page(
    *,
    organization: Organization,
    after: str = "",
    before: str = "",
    size: int = PAGE_SIZE,
    **chosen: Any,
) -> Page[Invoice]:
    """Return one page of `list_invoices`, newest first; `after` and `before` are cursors of a page.

    :raises CursorInvalid: a cursor was not made here.
    """
    found = list_invoices(organization=organization, **chosen)
    return paginate(found, key=NEWEST_FIRST, descending=True, after=after, before=before, size=size)


def list_notes(
    *,
    organization: Organization,
    year: int | None = None,
    search: str = "",
    since: date | None = None,
    until: date | None = None,
    least: int | None = None,
    most: int | None = None,
) -> QuerySet[CreditNote]:
    """Return the credit notes with their invoices, newest first, filtered like invoices."""
    notes = CreditNote.objects.filter(organization_id=organization.pk).select_related("invoice")
    if year is not None:
        notes = notes.filter(issued_on__year=year)
    if search.strip():
        words = search.strip()
        wanted = Q(number__icontains=words) | Q(invoice__number__icontains=words) | Q(reason__icontains=words)
        notes = notes.filter(wanted)
    notes = _between(_between(notes, "issued_on", since, until), "total_amount", least, most)
    return notes.order_by("-id")


def get_notes_page(
    *,
    organization: Organization,
    after: str = "",
    before: str = "",
    size: int = PAGE_SIZE,
    **chosen: Any,
) -> Page[CreditNote]:
    """Return one page of `list_notes`; `after` and `before` are cursors of a page.

    :raises CursorInvalid: a cursor was not made here.
    """
    notes = list_notes(organization=organization, **chosen)
    return paginate(notes, key=NEWEST_FIRST, descending=True, after=after, before=before, size=size)


def list_years(*, organization: Organization) -> list[int]:
    """Return the years in which the organization has invoices, newest first."""
    years = Invoice.objects.filter(organization_id=organization.pk).annotate(year=_year())
    return list(years.values_list("year", flat=True).distinct().order_by("-year"))


def get_invoice(*, organization: Organization, invoice_id: int) -> Invoice:
    """Return one of the organization's invoices.

    :raises NotFound: it has none of that id.
    """
    invoice = (
        Invoice.objects.filter(organization_id=organization.pk, pk=invoice_id)
        .select_related("legal_entity", "organization")
        .annotate(awaits_transfer=awaits_transfer(OuterRef("pk"), organization_id=organization.pk))
        .first()
    )
    if invoice is None:
        raise NotFound(_("This invoice does not exist."))
    return invoice


def list_lines(*, invoice: Invoice) -> list[InvoiceLine]:
    """Return the lines of an invoice in their order, each with its product and `invoice`."""
    lines = list(
        InvoiceLine.objects.filter(organization_id=invoice.organization_id, invoice_id=invoice.pk)
        .select_related("product")
        .order_by("position")
    )
    for line in lines:
        line.invoice = invoice
    return lines


def lines_of_page(*, organization: Organization) -> Prefetch:
    """Return what reads the lines of many invoices at once: as `shown_lines`, in their order."""
    lines = InvoiceLine.objects.filter(organization_id=organization.pk).order_by("position")
    return Prefetch("lines", queryset=lines, to_attr="shown_lines")


def list_payable(*, organization: Organization) -> QuerySet[Invoice]:
    """Return the invoices that wait for their payment, the one due first at the top (BIL-2)."""
    return Invoice.objects.filter(organization_id=organization.pk, status__in=PAYABLE).order_by(
        "due_on", "id"
    )


def count_payable(*, organization: Organization) -> int:
    """Return how many invoices wait for their payment."""
    return Invoice.objects.filter(organization_id=organization.pk, status__in=PAYABLE).count()


def awaits_transfer(*invoice_ids: F | OuterRef, organization_id: int) -> Exists:
    """Return whether the transfer of one of these invoices was announced and is expected (BIL-3)."""
    mine = reduce(or_, (Q(invoice_id=invoice_id) for invoice_id in invoice_ids))
    announced = AnnouncedTransfer.objects.filter(mine, organization_id=organization_id, withdrawn_at=None)
    return Exists(announced)


def _day() -> Coalesce:
    return Coalesce(F("issued_on"), TruncDate("created_at"))


def _year() -> ExtractYear:
    return ExtractYear(_day())


def matches(search: str) -> Q:
    """Return the condition that an invoice has `search` in a number, a line or the name of a product.

    Numbers are its own and that of the organization's purchase order.
    """
    lines = InvoiceLine.objects.filter(invoice=OuterRef("pk")).filter(
        Q(description__icontains=search) | Q(product__name__icontains=search)
    )
    numbers = Q(number__icontains=search) | Q(purchase_order__icontains=search)
    found = numbers | Q(Exists(lines))
    return found | Q(pk=int(search)) if search.isascii() and search.isdigit() and len(search) < 19 else found


def get_note(*, organization: Organization, credit_note_id: int) -> CreditNote:
    """Return one credit note of the organization, with its invoice.

    :raises NotFound: the organization has none of that id.
    """
    notes = CreditNote.objects.filter(organization_id=organization.pk, pk=credit_note_id)
    note = notes.select_related("invoice__organization", "invoice__legal_entity").first()
    if note is None:
        raise NotFound
    return note


def list_transfers(*, invoice: Invoice) -> list[BankReceipt]:
    """Return the transfers that an invoice was paid with, wholly or in part, oldest first (BIL-17)."""
    receipts = BankReceipt.objects.filter(
        organization_id=invoice.organization_id, invoice_id=invoice.pk, to_invoice__gt=0
    )
    return list(receipts.exclude(kind=Received.TAKEN_BACK).order_by("pk"))
