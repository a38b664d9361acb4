"""The back office's page of support access: who gives it now, enter, leave (ORG-15)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.sessions.limits import HOUR, TooManyAttempts, take_or_refuse, too_many_attempts
from accounts.sessions.staff import StaffRequest, staff_view
from manager.kit.errors import NotFound
from manager.kit.keyset import paginate
from organizations.support.forms import EnterForm, SupportedFilterForm
from organizations.support.models import SupportKind
from organizations.support.rights import SUPPORT_ACCESS
from organizations.support.selectors import BY_NAME, list_supported, with_open_access
from organizations.support.services import enter_support, leave_support
from organizations.support.visits import mark, unmark, visited_id

ENTRIES_AN_HOUR = 30


@require_safe
@staff_view(SUPPORT_ACCESS)
def supported(request: StaffRequest) -> HttpResponse:
    """List the organizations that give support access now."""
    wanted = SupportedFilterForm(request.GET).wanted()
    page = paginate(
        list_supported(at=request.at, **wanted),
        key=BY_NAME,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "page": page,
        "rows": with_open_access(page.rows, at=request.at),
        "wanted": wanted,
        "is_filtered": any(wanted.values()),
        "kinds": [("", _("All kinds")), *SupportKind.choices],
        "visited": visited_id(request.session),
    }
    return render(request, "organizations/support/staff/supported.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(SUPPORT_ACCESS)
def enter(request: StaffRequest, supported_id: int) -> HttpResponse:
    """Ask for the reason, then enter; another organization is left by it."""
    found = list_supported(at=request.at).filter(pk=supported_id).first()
    if found is None:
        raise NotFound
    form = EnterForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            take_or_refuse(f"support-enter:{request.user.pk}", limit=ENTRIES_AN_HOUR, window_seconds=HOUR)
        except TooManyAttempts as refused:
            return too_many_attempts(request, refused.retry_after)
        _leave(request)
        grants = enter_support(
            organization_id=found.pk,
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            at=request.at,
        )
        mark(request.session, organization_id=found.pk, grants=grants)
        return redirect("shell:home", organization_id=found.pk)
    [(_organization, access)] = with_open_access([found], at=request.at)
    context = {"form": form, "supported": found, "access": access}
    status = 200 if request.method != "POST" else 422
    return render(request, "organizations/support/staff/enter.html", context, status=status)


@require_POST
@staff_view(SUPPORT_ACCESS)
def leave(request: StaffRequest) -> HttpResponse:
    """Leave the organization that was entered."""
    if _leave(request):
        messages.success(request, _("You have left the organization."))
    return redirect("organizations:staff_support")


def _leave(request: StaffRequest) -> bool:
    left = unmark(request.session)
    if left is not None:
        leave_support(organization_id=left, actor=request.actor, at=request.at)
    return left is not None
