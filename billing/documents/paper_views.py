"""Papers that are made anew each time: receipts and the reminder."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from billing.documents.receipt import render_invoice_receipt, render_top_up_receipt
from billing.documents.reminder import NothingDue, render_reminder
from billing.invoices.selectors import get_invoice
from manager.kit.downloads import give_file
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission

VIEW = Permission.BILLING_VIEW


@organization_view(VIEW)
@require_safe
def invoice_receipt(request: OrganizationRequest, invoice_id: int) -> HttpResponse:
    """Give the receipt of a paid invoice."""
    invoice = get_invoice(organization=request.organization, invoice_id=invoice_id)
    content = render_invoice_receipt(invoice=invoice, at=request.at)
    return give_file(content, name=f"receipt-{invoice.number}.pdf")


@organization_view(VIEW)
@require_safe
def top_up_receipt(request: OrganizationRequest, movement_id: int) -> HttpResponse:
    """Give the receipt of a top-up of the prepaid account."""
    content = render_top_up_receipt(organization=request.organization, movement_id=movement_id, at=request.at)
    return give_file(content, name=f"receipt-top-up-{movement_id}.pdf")


@organization_view(VIEW)
@require_safe
def reminder(request: OrganizationRequest) -> HttpResponse:
    """Give the reminder of what is due, or say that nothing is."""
    try:
        content = render_reminder(organization=request.organization, at=request.at)
    except NothingDue as error:
        messages.info(request, str(error))
        return redirect("billing:to_pay", request.organization.pk)
    return give_file(content, name="reminder.pdf")
