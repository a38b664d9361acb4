"""The organization's own order number on a draft (BIL-4)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from billing.invoices.forms import OrderNumberForm
from billing.invoices.selectors import get_invoice
from billing.invoices.services.purchase_order import InvoiceIssued, set_purchase_order
from billing.invoices.status import InvoiceStatus
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission


@organization_view(Permission.BILLING_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def order_number(request: OrganizationRequest, invoice_id: int) -> HttpResponse:
    """Change the number that a draft bears."""
    row = get_invoice(organization=request.organization, invoice_id=invoice_id)
    if row.status != InvoiceStatus.DRAFT:
        raise InvoiceIssued
    form = OrderNumberForm(request.POST or None, initial={"number": row.purchase_order})
    if request.method == "POST" and form.is_valid():
        set_purchase_order(
            invoice=row, number=form.cleaned_data["number"], actor=request.actor, at=request.at
        )
        messages.success(request, _("The order number is saved."))
        return redirect("billing:invoice", request.organization.pk, row.pk)
    status = 422 if form.errors else 200
    return render(
        request, "billing/invoices/order_number.html", {"form": form, "invoice": row}, status=status
    )
