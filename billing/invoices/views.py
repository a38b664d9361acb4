"""Pages of invoices (BIL-4, BIL-5, BIL-19)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.invoices.export import invoices_as_csv, notes_as_csv
from billing.invoices.filters import CHOICES, HistoryFilter
from billing.invoices.forms import VoidForm
from billing.invoices.models import CreditNote, Invoice
from billing.invoices.page import build_invoice_page
from billing.invoices.selectors import (
    get_invoice,
    get_notes_page,
    get_page,
    list_invoices,
    list_notes,
    list_years,
)
from billing.invoices.services import cancel_invoice, void_invoice
from billing.invoices.status import InvoiceStatus
from manager.kit.clock import day_in
from manager.kit.downloads import give_table
from manager.kit.errors import IllegalTransition
from manager.kit.keyset import Page
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission

VIEW, MANAGE = Permission.BILLING_VIEW, Permission.BILLING_MANAGE


@organization_view(VIEW)
@require_safe
def history(request: OrganizationRequest) -> HttpResponse:
    """Show the invoices, or the credit notes, newest first, by status, days, amounts and search."""
    chosen = HistoryFilter.read(request.GET)
    arguments = chosen.as_arguments()
    places: dict[str, Any] = {name: request.GET.get(name, "") for name in ("after", "before")}
    page: Page[Invoice] | Page[CreditNote]
    if chosen.of_notes:
        page = get_notes_page(organization=request.organization, **places, **arguments)
    else:
        page = get_page(organization=request.organization, **places, **arguments)
    years = [(str(year), str(year)) for year in list_years(organization=request.organization)]
    context = {
        "page": page,
        "chosen": chosen,
        "choices": CHOICES,
        "years": [("", _("All years")), *years],
        "today": day_in(request.organization.time_zone, request.at),
        "can_manage": MANAGE in request.can,
    }
    return render(request, "billing/invoices/history.html", context)


@organization_view(VIEW)
@require_safe
def export(request: OrganizationRequest) -> HttpResponse:
    """Give the chosen invoices as a table for spreadsheets (BIL-19)."""
    chosen = HistoryFilter.read(request.GET)
    arguments = chosen.as_arguments()
    kind = "credit-notes" if chosen.of_notes else "invoices"
    name = f"{kind}-{chosen.year}" if chosen.year else kind
    if chosen.of_notes:
        table = notes_as_csv(list_notes(organization=request.organization, **arguments))
    else:
        table = invoices_as_csv(list_invoices(organization=request.organization, **arguments))
    return give_table(table, name=name)


@organization_view(VIEW)
@require_safe
def invoice(request: OrganizationRequest, invoice_id: int) -> HttpResponse:
    """Show one invoice: parties, lines, VAT and why, payments, files."""
    row = get_invoice(organization=request.organization, invoice_id=invoice_id)
    page = build_invoice_page(invoice=row, can_manage=MANAGE in request.can)
    today = day_in(request.organization.time_zone, request.at)
    return render(request, "billing/invoices/invoice.html", {"page": page, "invoice": row, "today": today})


@organization_view(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: OrganizationRequest, invoice_id: int) -> HttpResponse:
    """Cancel a draft, after asking."""
    row = get_invoice(organization=request.organization, invoice_id=invoice_id)
    if row.status != InvoiceStatus.DRAFT:
        raise IllegalTransition(_("Only an invoice that is not issued yet can be cancelled."))
    if request.method != "POST":
        return render(
            request,
            "billing/invoices/cancel.html",
            {"invoice": row, "back": _address(row.organization_id, row.pk)},
        )
    cancel_invoice(invoice=row, actor=request.actor, at=request.at)
    messages.success(request, _("The invoice was cancelled. Nothing is due."))
    return redirect("billing:invoices", request.organization.pk)


@organization_view(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def void(request: OrganizationRequest, invoice_id: int) -> HttpResponse:
    """Void an issued invoice that is not paid, after asking why."""
    row = get_invoice(organization=request.organization, invoice_id=invoice_id)
    if row.status != InvoiceStatus.OPEN:
        raise IllegalTransition(_("Only an issued invoice that is not paid can be voided."))
    form = VoidForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        void_invoice(invoice=row, reason=form.cleaned_data["reason"], actor=request.actor, at=request.at)
        messages.success(
            request, _("Invoice %(number)s was voided by a credit note.") % {"number": row.number}
        )
        return redirect("billing:invoice", request.organization.pk, row.pk)
    context = {"invoice": row, "form": form, "back": _address(row.organization_id, row.pk)}
    return render(request, "billing/invoices/void.html", context, status=422 if form.errors else 200)


def _address(organization_id: int, invoice_id: int) -> str:
    return reverse("billing:invoice", args=[organization_id, invoice_id])
