"""The staff's side of identity checks: list, case, photographs, decision, report (ACC-12)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.identity.forms import ApprovalForm, CaseFilterForm, RefusalForm, RequestForm
from accounts.identity.models import IdentityCase
from accounts.identity.rights import REVIEW_IDENTITY
from accounts.identity.selectors import (
    NEWEST_FIRST,
    count_by_status,
    get_case,
    list_candidates,
    list_cases,
    list_entries,
    list_pages,
    list_stored_files,
)
from accounts.identity.services import (
    approve_case,
    look_at_image,
    open_case,
    refuse_case,
    withdraw_case,
)
from accounts.identity.status import REVIEW_WITHIN, CaseStatus, Page, Reason, Refusal
from accounts.sessions.staff import StaffRequest, staff_view
from accounts.users.selectors import find_user_by_email
from manager.kit.errors import DomainError
from manager.kit.forms import form_page
from manager.kit.keyset import paginate
from manager.kit.requests import posted

# The browser shows a photograph and does nothing else with it.
IMAGE_POLICY = "sandbox; default-src 'none'"


@require_safe
@staff_view(REVIEW_IDENTITY)
def cases(request: StaffRequest) -> HttpResponse:
    """List cases; those that wait for review stand first in mind and are shown without a filter."""
    wanted = CaseFilterForm(request.GET).wanted()
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page = paginate(list_cases(**wanted), key=NEWEST_FIRST, descending=True, after=after, before=before)
    counts = count_by_status()
    context = {
        "page": page,
        "wanted": wanted,
        "chosen": {
            "submitted": wanted["status"] == CaseStatus.SUBMITTED,
            "open": wanted["status"] == CaseStatus.OPEN,
            "all": wanted["status"] == "",
        },
        "counts": {"submitted": counts[CaseStatus.SUBMITTED], "open": counts[CaseStatus.OPEN]},
        "reasons": [("", _("All reasons")), *Reason.choices],
        "statuses": [("all", _("All states")), *CaseStatus.choices],
        "status": wanted["status"] or "all",
        "overdue_before": request.at - REVIEW_WITHIN,
    }
    return render(request, "accounts/identity/staff/cases.html", context)


@require_safe
@staff_view(REVIEW_IDENTITY)
def case(request: StaffRequest, case_id: int) -> HttpResponse:
    """Show one case: the photographs beside the person's data, the decision, the journal."""
    return render(request, "accounts/identity/staff/case.html", _case_context(request, case_id))


def _case_context(request: StaffRequest, case_id: int) -> dict[str, Any]:
    found = get_case(case_id=case_id)
    pages = list_pages(found)
    is_waiting = found.status == CaseStatus.SUBMITTED
    return {
        "case": found,
        "photographs": [pages[page] for page in found.pages if page in pages] if is_waiting else [],
        "candidates": list_candidates(found) if is_waiting and found.user is None else [],
        "is_waiting": is_waiting,
        "is_own": found.user_id == request.user.pk,
        "can_be_stopped": found.can_be_stopped,
        "number_matches": bool(found.user and found.phone and found.user.phone == found.phone),
        "entries": list_entries(found),
    }


@require_safe
@staff_view(REVIEW_IDENTITY)
def image(request: StaffRequest, case_id: int, page: str) -> HttpResponse:
    """Give one photograph of a case under review; each look is noted in the journal."""
    if page not in Page.values:
        raise Http404
    found, data = look_at_image(case_id=case_id, page=Page(page), actor=request.actor, at=request.at)
    response = HttpResponse(data, content_type=found.mime_type)
    response["Cache-Control"] = "no-store, private"
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = IMAGE_POLICY
    return response


@require_POST
@staff_view(REVIEW_IDENTITY)
def approve(request: StaffRequest, case_id: int) -> HttpResponse:
    """Confirm the identity; what follows depends on the reason."""
    form = ApprovalForm(request.POST)
    chosen = form.cleaned_data.get("user") if form.is_valid() else None
    found = get_case(case_id=case_id)
    try:
        approve_case(case=found, user_id=chosen, actor=request.actor, at=request.at)
    except DomainError as refused:
        if refused.status == 404:
            raise
        context = {**_case_context(request, case_id), "refused": str(refused)}
        return render(request, "accounts/identity/staff/case.html", context, status=refused.status)
    messages.success(request, _("The identity is confirmed. The photographs are deleted."))
    return redirect("accounts:staff_identity_case", case_id=case_id)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(REVIEW_IDENTITY)
def refuse(request: StaffRequest, case_id: int) -> HttpResponse:
    """Refuse with a reason of the list and a note; both are told to the person."""
    found = get_case(case_id=case_id)
    form = RefusalForm(posted(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        refuse_case(
            case=found,
            refusal=Refusal(given["refusal"]),
            text=given["note"],
            actor=request.actor,
            at=request.at,
        )
        messages.success(request, _("The check is refused. The photographs are deleted."))
        return redirect("accounts:staff_identity_case", case_id=case_id)
    return form_page(request, "accounts/identity/staff/refuse.html", form, case=found)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(REVIEW_IDENTITY)
def stop(request: StaffRequest, case_id: int) -> HttpResponse:
    """Stop a check, at its owner's wish."""
    found: IdentityCase = get_case(case_id=case_id)
    if request.method == "POST":
        withdraw_case(case=found, actor=request.actor, at=request.at)
        messages.success(request, _("The identity check is stopped. What was uploaded is deleted."))
        return redirect("accounts:staff_identity_case", case_id=case_id)
    return render(request, "accounts/identity/staff/stop.html", {"case": found})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(REVIEW_IDENTITY)
def ask(request: StaffRequest) -> HttpResponse:
    """Ask a person for a check; the link goes out by mail."""
    form = RequestForm(posted(request))
    if request.method == "POST" and form.is_valid():
        person = find_user_by_email(form.cleaned_data["email"])
        if person is None:
            form.add_error("email", _("Nobody signs in with this address."))
        else:
            reason = Reason(form.cleaned_data["reason"])
            opened, _token = open_case(user=person, reason=reason, actor=request.actor, at=request.at)
            messages.success(request, _("The link is on its way to the person."))
            return redirect("accounts:staff_identity_case", case_id=opened.pk)
    return form_page(request, "accounts/identity/staff/ask.html", form)


@require_safe
@staff_view(REVIEW_IDENTITY)
def report(request: StaffRequest) -> HttpResponse:
    """Prove what exists: every photograph, how old it is, and whether it should be gone."""
    files = list_stored_files(at=request.at)
    context = {
        "files": files,
        "faults": sum(bool(one.fault) for one in files),
        "size": sum(one.size for one in files),
        "oldest": files[0] if files else None,
    }
    return render(request, "accounts/identity/staff/report.html", context)
