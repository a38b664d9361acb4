"""Read invoices."""

from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, ExtractYear, TruncDate
from django.utils.translation import gettext_lazy as _

from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.status import PAYABLE, InvoiceStatus
from manager.kit.errors import NotFound
from organizations.profile.models import Organization

PAGE_SIZE = 25

# What people choose in the filter: both states that wait for money are one to them.
STATUS_GROUPS: dict[str, frozenset[str]] = {
    "to_pay": PAYABLE,
    "paid": frozenset({InvoiceStatus.PAID}),
    "cancelled": frozenset({InvoiceStatus.CANCELLED, InvoiceStatus.VOID}),
}


@dataclass(frozen=True, slots=True)
class InvoicePage:
    """One page of the history, newest first, with the cursors of its neighbours (None: there is none)."""

    invoices: list[Invoice]
    next_cursor: int | None
    previous_cursor: int | None


def list_invoices(
    *,
    organization: Organization,
    status: str = "",
    year: int | None = None,
    search: str = "",
    after: int | None = None,
) -> QuerySet[Invoice]:
    """Return the organization's invoices, newest first, those before the invoice `after`.

    `status` is a status or a group of STATUS_GROUPS; `search` looks in numbers, descriptions and
    product names. Each has `first_line` (text) and `line_count`.
    """
    invoices = Invoice.objects.filter(organization_id=organization.pk)
    if status:
        invoices = invoices.filter(status__in=STATUS_GROUPS.get(status, frozenset({status})))
    if year is not None:
        invoices = invoices.annotate(year=_year()).filter(year=year)
    if search.strip():
        invoices = invoices.filter(_matches(search.strip()))
    if after is not None:
        invoices = invoices.filter(pk__lt=after)
    lines = InvoiceLine.objects.filter(invoice=OuterRef("pk")).order_by("position")
    return invoices.annotate(
        first_line=Subquery(lines.values("description")[:1]), line_count=Count("lines")
    ).order_by("-id")


def get_page(
    *,
    organization: Organization,
    status: str = "",
    year: int | None = None,
    search: str = "",
    after: int | None = None,
    before: int | None = None,
) -> InvoicePage:
    """Return one page of the history: the invoices older than `after`, or those newer than `before`."""
    found = list_invoices(organization=organization, status=status, year=year, search=search)
    if before is not None:
        rows = list(found.filter(pk__gt=before).order_by("id")[: PAGE_SIZE + 1])
        more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE][::-1]
        return InvoicePage(rows, rows[-1].pk if rows else None, rows[0].pk if more else None)
    if after is not None:
        found = found.filter(pk__lt=after)
    rows = list(found[: PAGE_SIZE + 1])
    more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
    return InvoicePage(
        rows, rows[-1].pk if more else None, rows[0].pk if after is not None and rows else None
    )


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
    return Invoice.objects.filter(organization_id=organization.pk, status__in=PAYABLE).order_by("due_on", "id")


def count_payable(*, organization: Organization) -> int:
    """Return how many invoices wait for their payment."""
    return Invoice.objects.filter(organization_id=organization.pk, status__in=PAYABLE).count()


def _year() -> ExtractYear:
    return ExtractYear(Coalesce(F("issued_on"), TruncDate("created_at")))


def _matches(search: str) -> Q:
    lines = InvoiceLine.objects.filter(invoice=OuterRef("pk")).filter(
        Q(description__icontains=search) | Q(product__name__icontains=search)
    )
    found = Q(number__icontains=search) | Q(Exists(lines))
    return found | Q(pk=int(search)) if search.isascii() and search.isdigit() and len(search) < 19 else found
