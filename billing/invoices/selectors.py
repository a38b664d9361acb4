"""Read invoices."""

from functools import reduce
from operator import or_

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, ExtractYear, TruncDate
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import CreditNote, Invoice, InvoiceLine
from billing.invoices.status import PAYABLE, InvoiceStatus
from billing.payments.models import AnnouncedTransfer
from manager.kit.errors import NotFound
from manager.kit.ids import MAX_ID
from manager.kit.keyset import PAGE_SIZE, Page, SortKey, paginate
from organizations.profile.models import Organization

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


def list_invoices(
    *,
    organization: Organization,
    status: str = "",
    year: int | None = None,
    search: str = "",
) -> QuerySet[Invoice]:
    """Return the organization's invoices, newest first.

    `status` is a status or a group of STATUS_GROUPS; `search` looks in numbers, descriptions and
    product names. Each has `first_line` (text), `line_count` and `other_lines`.
    """
    invoices = Invoice.objects.filter(organization_id=organization.pk)
    if status:
        invoices = invoices.filter(status__in=STATUS_GROUPS.get(status, frozenset({status})))
    if year is not None:
        invoices = invoices.annotate(year=_year()).filter(year=year)
    if search.strip():
        invoices = invoices.filter(matches(search.strip()))
    lines = InvoiceLine.objects.filter(invoice=OuterRef("pk")).order_by("position")
    return invoices.annotate(
        first_line=Subquery(lines.values("description")[:1]),
        awaits_transfer=awaits_transfer(OuterRef("pk")),
        line_count=Count("lines"),
        other_lines=Count("lines") - 1,
    ).order_by("-id")


def get_page(
    *,
    organization: Organization,
    status: str = "",
    year: int | None = None,
    search: str = "",
    after: str = "",
    before: str = "",
    size: int = PAGE_SIZE,
) -> Page[Invoice]:
    """Return one page of the history, newest first; `after` and `before` are cursors of a page.

    :raises CursorInvalid: a cursor was not made here.
    """
    found = list_invoices(organization=organization, status=status, year=year, search=search)
    return paginate(found, key=NEWEST_FIRST, descending=True, after=after, before=before, size=size)


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
        .annotate(awaits_transfer=awaits_transfer(OuterRef("pk")))
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


def list_payable(*, organization: Organization) -> QuerySet[Invoice]:
    """Return the invoices that wait for their payment, the one due first at the top (BIL-2)."""
    return Invoice.objects.filter(organization_id=organization.pk, status__in=PAYABLE).order_by(
        "due_on", "id"
    )


def count_payable(*, organization: Organization) -> int:
    """Return how many invoices wait for their payment."""
    return Invoice.objects.filter(organization_id=organization.pk, status__in=PAYABLE).count()


def awaits_transfer(*invoice_ids: F | OuterRef) -> Exists:
    """Return whether the transfer of one of these invoices was announced and is expected (BIL-3)."""
    mine = reduce(or_, (Q(invoice_id=invoice_id) for invoice_id in invoice_ids))
    return Exists(AnnouncedTransfer.objects.filter(mine, withdrawn_at=None))


def _year() -> ExtractYear:
    return ExtractYear(Coalesce(F("issued_on"), TruncDate("created_at")))


def matches(search: str) -> Q:
    """Return the condition that an invoice has `search` in its number, a line or the name of a product."""
    lines = InvoiceLine.objects.filter(invoice=OuterRef("pk")).filter(
        Q(description__icontains=search) | Q(product__name__icontains=search)
    )
    found = Q(number__icontains=search) | Q(Exists(lines))
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
