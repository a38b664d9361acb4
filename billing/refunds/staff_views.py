"""The back office's pages of refunds: those given, and giving one (BIL-14)."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.sessions.staff import StaffRequest, staff_view
from accounts.sessions.sudo import sudo_page
from billing.invoices.models import Invoice
from billing.refunds.export import refunds_as_csv
from billing.refunds.forms import InvoiceFilter, RefundFilter, RefundForm
from billing.refunds.models import ChargeFee
from billing.refunds.rights import GIVE_REFUNDS
from billing.refunds.selectors import (
    Refundable,
    get_paid_invoice,
    get_refundable,
    list_paid_invoices,
    list_refunds,
    list_refunds_of_all,
)
from billing.refunds.services.refund import preview_refund, refund_invoice
from manager.kit.downloads import give_table
from manager.kit.errors import DomainError
from manager.kit.filtered_list import filtered_list, read_filters
from manager.kit.scope import tenant_scope


@require_safe
@staff_view(GIVE_REFUNDS)
def refunds(request: StaffRequest) -> HttpResponse:
    """List the refunds of all organizations, newest first."""
    context = filtered_list(request, filters=RefundFilter, find=list_refunds_of_all)
    return render(request, "billing/refunds/staff/refunds.html", context)


@require_safe
@staff_view(GIVE_REFUNDS)
def choose_invoice(request: StaffRequest) -> HttpResponse:
    """Find the paid invoice that is to be given back."""
    context = filtered_list(request, filters=InvoiceFilter, find=list_paid_invoices)
    return render(request, "billing/refunds/staff/choose.html", context)


@require_safe
@staff_view(GIVE_REFUNDS)
def refunds_csv(request: StaffRequest) -> HttpResponse:
    """Download the refunds that the same filter shows."""
    found = list_refunds_of_all(**read_filters(request.GET, RefundFilter)).order_by("-pk")
    return give_table(refunds_as_csv(found), name="refunds")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(GIVE_REFUNDS)
def refund(request: StaffRequest, invoice_id: int) -> HttpResponse:
    """Choose what of an invoice is given back, see what that comes to, and confirm it."""
    return _refund(request, get_paid_invoice(invoice_id=invoice_id))


@sudo_page
def _refund(request: StaffRequest, found: Invoice) -> HttpResponse:
    with tenant_scope(found.organization_id):
        invoice = Invoice.objects.select_related("organization", "legal_entity").get(
            organization_id=found.organization_id, pk=found.pk
        )
        refundable = get_refundable(invoice=invoice)
        if request.method != "POST":
            form = RefundForm(refundable=refundable, initial={"key": uuid4().hex})
            return _show(request, refundable, form)
        form = RefundForm(request.POST, refundable=refundable)
        if not form.is_valid():
            return _show(request, refundable, form, status=422)
        return _carry_out(request, refundable, form)


def _carry_out(request: StaffRequest, refundable: Refundable, form: RefundForm) -> HttpResponse:
    """Preview the refund, or begin it where that was confirmed."""
    try:
        preview = preview_refund(refundable=refundable, wish=form.wish)
        if request.POST.get("step") != "confirm":
            return _show(request, refundable, form, preview=preview)
        refund_invoice(
            invoice=refundable.invoice,
            wish=form.wish,
            key=form.cleaned_data["key"],
            actor=request.actor,
            at=request.at,
        )
    except DomainError as error:
        form.add_error(None, str(error))
        return _show(request, refundable, form, status=error.status)
    messages.success(request, _("The refund is on its way. The customer gets the credit note by mail."))
    return redirect("billing:staff_refunds")


def _show(
    request: StaffRequest,
    refundable: Refundable,
    form: RefundForm,
    *,
    preview: object = None,
    status: int = 200,
) -> HttpResponse:
    invoice = refundable.invoice
    fees = ChargeFee.objects.filter(organization_id=invoice.organization_id, attempt__invoice=invoice)
    context = {
        "invoice": invoice,
        "refundable": refundable,
        "form": form,
        "preview": preview,
        "fees": [fee.money for fee in fees if fee.amount],
        "refunds": list_refunds(invoice=invoice),
    }
    return render(request, "billing/refunds/staff/refund.html", context, status=status)
