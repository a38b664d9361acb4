"""Files of invoices: the PDF of one, a ZIP of several (BIL-4, BIL-19)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing.documents.archive import MAX_FILES, NothingToDownload, pack_invoices
from billing.documents.services import get_credit_note, get_document, render_pro_forma
from billing.invoices.selectors import get_invoice, get_note
from billing.invoices.status import InvoiceStatus
from manager.kit.downloads import give_file
from manager.kit.errors import NotFound
from manager.kit.ids import MAX_ID
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission

VIEW = Permission.BILLING_VIEW


@organization_view(VIEW)
@require_safe
def pdf(request: OrganizationRequest, invoice_id: int) -> HttpResponse:
    """Give the invoice's PDF, or the pro forma of a draft."""
    invoice = get_invoice(organization=request.organization, invoice_id=invoice_id)
    if invoice.status == InvoiceStatus.CANCELLED:
        raise NotFound(_("A cancelled invoice has no document."))
    if invoice.status == InvoiceStatus.DRAFT:
        content = render_pro_forma(invoice=invoice, at=request.at)
        return give_file(content, name=f"pro-forma-{invoice.pk}.pdf")
    document = get_document(invoice=invoice, at=request.at)
    return give_file(bytes(document.content), name=f"{invoice.number}.pdf")


@organization_view(VIEW)
@require_safe
def credit_note_pdf(request: OrganizationRequest, credit_note_id: int) -> HttpResponse:
    """Give the PDF of a credit note."""
    note = get_note(organization=request.organization, credit_note_id=credit_note_id)
    document = get_credit_note(note=note, at=request.at)
    return give_file(bytes(document.content), name=f"{note.number}.pdf")


@organization_view(VIEW)
@require_POST
def download(request: OrganizationRequest) -> HttpResponse:
    """Give the PDFs of the selected invoices as one ZIP file."""
    chosen = [int(text) for text in request.POST.getlist("selected")[:MAX_FILES] if _is_id(text)]
    try:
        packed = pack_invoices(organization=request.organization, invoice_ids=chosen, at=request.at)
    except NothingToDownload as error:
        messages.warning(request, str(error.message))
        return redirect("billing:invoices", request.organization.pk)
    return give_file(packed, name="invoices.zip", kind="application/zip")


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= MAX_ID
