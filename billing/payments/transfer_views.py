"""The page that tells how an invoice is paid by bank transfer (BIL-3)."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from billing.invoices.page import title_of
from billing.invoices.selectors import get_invoice, list_lines
from billing.payments.selectors import get_announced_transfer
from billing.payments.transfer_details import build_transfer_details
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission


@organization_view(Permission.BILLING_VIEW)
@require_safe
def transfer(request: OrganizationRequest, invoice_id: int) -> HttpResponse:
    """Show account, reference, sum and code of a transfer that was announced."""
    invoice = get_invoice(organization=request.organization, invoice_id=invoice_id)
    details = build_transfer_details(invoice=invoice)
    if details is None or not invoice.is_payable or get_announced_transfer(invoice=invoice) is None:
        return redirect("billing:invoice", request.organization.pk, invoice.pk)
    context = {
        "invoice": invoice,
        "title": title_of(invoice),
        "lines": list_lines(invoice=invoice),
        "details": details,
        "can_manage": Permission.BILLING_MANAGE in request.can,
    }
    return render(request, "billing/payments/transfer.html", context)
