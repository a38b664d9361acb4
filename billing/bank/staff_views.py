"""The back office's pages of the bank: what waits, one entry, the files (BIL-17)."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.sessions.staff import StaffRequest, staff_view
from billing.bank.forms import AssignForm, EntryFilter, ReasonForm, UploadForm
from billing.bank.models import StatementEntry
from billing.bank.rights import LOOK_AFTER_BANK
from billing.bank.selectors import (
    OPEN_FILTER,
    candidates_of,
    count_refused_files,
    get_entry,
    get_receipt_of,
    get_statement,
    list_decisions,
    list_entries,
    list_refused_files,
    list_statements,
    sum_by_state,
)
from billing.bank.services import (
    assign_entry,
    confirm_entry,
    find_payout,
    import_statement,
    kept_of,
    reset_entry,
    return_payout,
    set_aside,
    take_back_transfer,
)
from billing.bank.status import FOR_STAFF, EntryStatus, Source
from manager.kit.errors import DomainError
from manager.kit.filtered_list import newest_page
from manager.kit.forms import form_page, refusals_beside_fields
from manager.kit.ids import MOST_SELECTED, parse_id

REFUSED_LATELY = timedelta(days=7)
"""So long the list of what waits tells that a file was refused."""


@require_safe
@staff_view(LOOK_AFTER_BANK)
def entries(request: StaffRequest) -> HttpResponse:
    """List entries, newest first; at first those that wait."""
    filters = EntryFilter(request.GET)
    filters.is_valid()
    given = filters.cleaned_data
    statement = given.get("statement")
    # Of one file all are shown, else what waits.
    status = given.get("status", "") if "status" in request.GET or statement else OPEN_FILTER
    page = newest_page(request, list_entries(status=status, search=given.get("q", ""), statement=statement))
    found = candidates_of(page.rows)
    context = {
        "page": page,
        "rows": [(row, found.get(row.pk)) for row in page.rows],
        "refused": count_refused_files(since=request.at - REFUSED_LATELY),
        "q": given.get("q", ""),
        "status": status,
        "statement": statement,
        "is_filtered": bool(given.get("q") or statement or status != OPEN_FILTER),
        "statuses": [
            (OPEN_FILTER, _("Waits for staff, all")),
            ("", pgettext("payments", "All")),
            *EntryStatus.choices,
        ],
    }
    return render(request, "billing/bank/entries.html", context)


@require_POST
@staff_view(LOOK_AFTER_BANK)
def confirm(request: StaffRequest) -> HttpResponse:
    """Book the selected proposals; what has none, or was booked by another, is told."""
    ids = [parse_id(value) for value in request.POST.getlist("selected")[:MOST_SELECTED]]
    rows = list_entries(status=OPEN_FILTER).filter(pk__in=[number for number in ids if number is not None])
    booked, refused = 0, ""
    for row in rows.order_by("pk"):
        try:
            confirm_entry(entry=row, actor=request.actor, at=request.at)
        except DomainError as error:
            refused = str(error)
        else:
            booked += 1
    if booked:
        said = ngettext("%(count)d payment is booked.", "%(count)d payments are booked.", booked)
        messages.success(request, said % {"count": booked})
    if refused:
        messages.error(request, refused)
    elif not booked:
        messages.info(request, _("Nothing was selected that waits."))
    return redirect("billing:staff_bank")


@require_safe
@staff_view(LOOK_AFTER_BANK)
def entry(request: StaffRequest, entry_id: int) -> HttpResponse:
    """Show one entry: what the bank says, whose it may be and why, what was decided and booked."""
    row = get_entry(entry_id=entry_id)
    waits = row.status in FOR_STAFF
    payout = find_payout(row) if waits else None
    context = {
        "entry": row,
        "candidate": candidates_of([row]).get(row.pk),
        "receipt": get_receipt_of(entry=row),
        "decisions": list_decisions(entry=row),
        "waits": waits,
        "can_confirm": row.status == EntryStatus.PROPOSED,
        "can_reset": row.status in {EntryStatus.PROPOSED, EntryStatus.NOT_OURS, EntryStatus.OUTGOING},
        "can_take_back": waits and row.reverses_id is not None,
        "payout": payout,
        "kept": kept_of(row, payout) if payout else None,
    }
    return render(request, "billing/bank/entry.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(LOOK_AFTER_BANK)
def assign(request: StaffRequest, entry_id: int) -> HttpResponse:
    """Say by hand whose a payment is; it is booked when it is confirmed."""
    row = get_entry(entry_id=entry_id)
    form = AssignForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        invoice = form.cleaned_data["invoice"]
        owner = invoice.organization if invoice else form.cleaned_data["organization"]
        with refusals_beside_fields(form):
            assign_entry(entry=row, organization=owner, invoice=invoice, actor=request.actor, at=request.at)
            messages.success(request, _("Assigned. Please look at it once more and confirm."))
            return redirect("billing:staff_bank_entry", row.pk)
    return form_page(request, "billing/bank/assign.html", form, entry=row)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(LOOK_AFTER_BANK)
def put_aside(request: StaffRequest, entry_id: int) -> HttpResponse:
    """Ask why, then say that a payment is none of ours."""
    row = get_entry(entry_id=entry_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals_beside_fields(form):
            set_aside(entry=row, reason=form.cleaned_data["reason"], actor=request.actor, at=request.at)
            messages.success(request, _("The payment is set aside."))
            return redirect("billing:staff_bank")
    return form_page(request, "billing/bank/set_aside.html", form, entry=row)


@require_POST
@staff_view(LOOK_AFTER_BANK)
def reset(request: StaffRequest, entry_id: int) -> HttpResponse:
    """Open an entry again that was assigned or set aside."""
    row = get_entry(entry_id=entry_id)
    return _act(request, row, reset_entry, _("The payment waits again."))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(LOOK_AFTER_BANK)
def take_back(request: StaffRequest, entry_id: int) -> HttpResponse:
    """Ask, then take a transfer off the balance that the bank took back."""
    row = get_entry(entry_id=entry_id)
    if request.method != "POST":
        return render(request, "billing/bank/take_back.html", {"entry": row})
    return _act(request, row, take_back_transfer, _("The transfer is taken off the prepaid account."))


@require_POST
@staff_view(LOOK_AFTER_BANK)
def payout_back(request: StaffRequest, entry_id: int) -> HttpResponse:
    """Note that the withdrawal of an entry came back: its money is balance again."""
    row = get_entry(entry_id=entry_id)
    return _act(
        request, row, return_payout, _("The withdrawal came back. Its money is on the prepaid account again.")
    )


@require_safe
@staff_view(LOOK_AFTER_BANK)
def statements(request: StaffRequest) -> HttpResponse:
    """List the files that were kept, newest first."""
    page = newest_page(request, list_statements())
    context = {"page": page, "refused": list_refused_files()}
    return render(request, "billing/bank/statements.html", context)


@require_safe
@staff_view(LOOK_AFTER_BANK)
def statement(request: StaffRequest, statement_id: int) -> HttpResponse:
    """Show one file: where it came from, and its entries by state with their sums."""
    row = get_statement(statement_id=statement_id)
    return render(
        request, "billing/bank/statement.html", {"statement": row, "sums": sum_by_state(statement=row)}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(LOOK_AFTER_BANK)
def upload(request: StaffRequest) -> HttpResponse:
    """Read files of the bank; each is kept or refused on its own."""
    is_sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
    if is_sent and form.is_valid():
        refused = [said for file in form.cleaned_data["files"] if (said := _keep(request, file))]
        if not refused:
            return redirect("billing:staff_bank_statements")
        for said in refused:
            form.add_error("files", said)
    return form_page(request, "billing/bank/upload.html", form)


def _keep(request: StaffRequest, file: UploadedFile) -> str:
    """Keep one file and tell it; return why it was refused, "" where it was not."""
    name = file.name or ""
    try:
        kept = import_statement(
            content=file.read(), name=name, source=Source.UPLOAD, actor=request.actor, at=request.at
        )
    except DomainError as error:
        return _("%(name)s: %(reason)s") % {"name": name, "reason": error}
    if not kept.is_new:
        messages.info(request, _("%(name)s was here before; nothing has changed.") % {"name": name})
        return ""
    said = ngettext(
        "%(name)s brought %(count)d new entry.", "%(name)s brought %(count)d new entries.", kept.entries
    )
    messages.success(request, said % {"name": name, "count": kept.entries})
    return ""


def _act(request: StaffRequest, row: StatementEntry, verb: Callable[..., object], done: str) -> HttpResponse:
    """Do what a button of an entry's page is for, and show the entry with what came of it."""
    try:
        verb(entry=row, actor=request.actor, at=request.at)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("billing:staff_bank_entry", row.pk)
