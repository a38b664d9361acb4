"""The pages of those who answer requests for access (UI-6)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from manager.kit.clock import end_of_day
from manager.kit.errors import DomainError, Text
from manager.kit.keyset import NEWEST, paginate
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission, Role
from organizations.requests.cures import Cure, cure_of, least_role_with
from organizations.requests.forms import ApproveForm, RefuseForm, RequestFilterForm
from organizations.requests.models import AccessRequest
from organizations.requests.selectors import get_request, list_requests, name_requests
from organizations.requests.services import approve_request, refuse_request
from organizations.requests.status import RequestStatus


@require_safe
@organization_view(Permission.MEMBERS_MANAGE)
def requests(request: OrganizationRequest) -> HttpResponse:
    """List who asks for what, newest first; the open ones unless others are asked for."""
    organization_id = request.organization.pk
    filters = RequestFilterForm(request.GET)
    wanted = filters.wanted()
    rows = list_requests(organization_id=organization_id, **wanted)
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page = paginate(rows, key=NEWEST, descending=True, after=after, before=before)
    context = {
        "page": page,
        "rows": name_requests(organization_id=organization_id, requests=page.rows),
        "wanted": wanted,
        "statuses": [("open", _("Not answered yet")), ("all", _("All")), *RequestStatus.choices[1:]],
        "status": wanted["status"] or "all",
    }
    return render(request, "organizations/requests/requests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.MEMBERS_MANAGE)
def answer(request: OrganizationRequest, request_id: int) -> HttpResponse:
    """Show one request; approve it with a level and an end, or refuse it with a reason."""
    shown = get_request(organization_id=request.organization.pk, request_id=request_id)
    approve = ApproveForm(initial={"level": shown.level})
    refuse = RefuseForm()
    reason: Text = ""
    if request.method == "POST":
        is_approval = request.POST.get("do") == "approve"
        form: ApproveForm | RefuseForm
        form = approve = ApproveForm(request.POST) if is_approval else approve
        if not is_approval:
            form = refuse = RefuseForm(request.POST)
        if form.is_valid():
            try:
                _answer(request, request_id, form.cleaned_data, is_approval=is_approval)
            except DomainError as error:
                reason = error.message
            else:
                messages.success(
                    request, _("Your answer is on its way to %(name)s.") % {"name": shown.user.name}
                )
                return redirect("organizations:access_requests", organization_id=request.organization.pk)
    context = _describe(request, shown) | {"approve": approve, "refuse": refuse, "reason": reason}
    status = 409 if reason else 422 if request.method == "POST" else 200
    return render(request, "organizations/requests/answer.html", context, status=status)


def _answer(
    request: OrganizationRequest, request_id: int, given: dict[str, Any], *, is_approval: bool
) -> None:
    by: dict[str, Any] = {
        "organization_id": request.organization.pk,
        "request_id": request_id,
        "actor": request.actor,
        "at": request.at,
    }
    if not is_approval:
        refuse_request(answer=given["answer"], refuser=request.membership, **by)
        return
    until = given["until"]
    zone = request.organization.time_zone
    approve_request(
        level=given["level"],
        ends_at=end_of_day(until, zone) if until else None,
        approver=request.membership,
        **by,
    )


def _describe(request: OrganizationRequest, shown: AccessRequest) -> dict[str, Any]:
    cure = cure_of(shown)
    named = name_requests(organization_id=request.organization.pk, requests=[shown])[0]
    return {
        "shown": shown,
        "what": named.what,
        "is_open": shown.status == RequestStatus.OPEN and shown.membership_id is not None,
        "is_grant": cure == Cure.GRANT,
        "is_billing": cure == Cure.BILLING,
        "role": Role(least_role_with(shown.permission)).label if cure == Cure.ROLE else "",
    }
