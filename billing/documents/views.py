"""Files of invoices: the PDF of one, a ZIP of several or of a period (BIL-4, BIL-19)."""

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing.documents.archive import MAX_FILES, NothingToDownload, pack_invoices
from billing.documents.forms import PeriodForm
from billing.documents.periods import Period, count_contents, name_archive, stream_archive, suggest_periods
from billing.documents.services import get_credit_note, get_document, render_pro_forma
from billing.invoices.selectors import get_invoice, get_note
from billing.invoices.status import InvoiceStatus
from manager.kit.clock import day_in
from manager.kit.errors import DomainError, NotFound
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
        return _file(render_pro_forma(invoice=invoice, at=request.at), f"pro-forma-{invoice.pk}.pdf")
    document = get_document(invoice=invoice, at=request.at)
    return _file(bytes(document.content), f"{invoice.number}.pdf")


@organization_view(VIEW)
@require_safe
def credit_note_pdf(request: OrganizationRequest, credit_note_id: int) -> HttpResponse:
    """Give the PDF of a credit note."""
    note = get_note(organization=request.organization, credit_note_id=credit_note_id)
    document = get_credit_note(note=note, at=request.at)
    return _file(bytes(document.content), f"{note.number}.pdf")


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
    return _file(packed, "invoices.zip", "application/zip")


@organization_view(VIEW)
@require_safe
def period(request: OrganizationRequest) -> HttpResponse:
    """Choose a period and see what it has; goes on by itself while documents are being made."""
    today = day_in(request.organization.time_zone, request.at)
    suggested = suggest_periods(today)
    form = PeriodForm(request.GET if "first" in request.GET or "last" in request.GET else suggested[-2].dates)
    contents = count_contents(_period_of(request, form)) if form.is_valid() else None
    context = {"form": form, "contents": contents, "suggested": suggested}
    status = 200 if contents else 422
    return render(request, "billing/documents/period.html", context, status=status)


@organization_view(VIEW)
@require_safe
def period_archive(request: OrganizationRequest) -> HttpResponse | StreamingHttpResponse:
    """Send all documents of the period as one ZIP file, written while it is sent."""
    form = PeriodForm(request.GET)
    here = reverse("billing:invoices_period", args=[request.organization.pk])
    if not form.is_valid():
        return redirect(f"{here}?{request.GET.urlencode()}")
    chosen = _period_of(request, form)
    try:
        pieces = stream_archive(chosen, language=get_language() or "en")
    except DomainError as error:
        messages.warning(request, str(error))
        return redirect(f"{here}?{request.GET.urlencode()}")
    disposition = f'attachment; filename="{name_archive(chosen)}"'
    return StreamingHttpResponse(
        pieces, content_type="application/zip", headers={"Content-Disposition": disposition}
    )


def _period_of(request: OrganizationRequest, form: PeriodForm) -> Period:
    return Period(request.organization, form.cleaned_data["first"], form.cleaned_data["last"])


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= MAX_ID


def _file(content: bytes, name: str, kind: str = "application/pdf") -> HttpResponse:
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})
