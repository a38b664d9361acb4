"""A signed-in person's identity checks: begin one, stop one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.identity.forms import OwnStartForm
from accounts.identity.links import token_of
from accounts.identity.selectors import get_own_case, list_own_cases
from accounts.identity.services import open_case, withdraw_case
from accounts.identity.services.refusals import TooLateToStop
from accounts.identity.status import Reason
from accounts.sessions.guards import PersonRequest, person_view
from accounts.sessions.limits import HOUR, rate_limited, take_or_refuse
from manager.kit.forms import form_page
from manager.kit.requests import posted

CASES_PER_PERSON = 5


@person_view
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("identity-own", limit=30, window_seconds=HOUR)
def identity(request: PersonRequest) -> HttpResponse:
    """List one's own checks; begin another one."""
    form = OwnStartForm(posted(request))
    if request.method == "POST" and form.is_valid():
        key = f"identity-own:person:{request.user.pk}"
        take_or_refuse(key, limit=CASES_PER_PERSON, window_seconds=HOUR)
        reason = Reason(form.cleaned_data["reason"])
        _case, token = open_case(user=request.user, reason=reason, actor=request.actor, at=request.at)
        return redirect("accounts:identity_wait", token=token)
    cases = [
        (case, token_of(case) if case.is_open(request.at) else "", case.can_be_stopped)
        for case in list_own_cases(user=request.user)
    ]
    return form_page(request, "accounts/identity/identity.html", form, cases=cases)


@person_view
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: PersonRequest, case_id: int) -> HttpResponse:
    """Stop a check about one's own account, also one that somebody else began."""
    case = get_own_case(user=request.user, case_id=case_id)
    if not case.can_be_stopped:
        raise TooLateToStop
    if request.method == "POST":
        withdraw_case(case=case, actor=request.actor, at=request.at)
        messages.success(request, _("The identity check is stopped. What was uploaded is deleted."))
        return redirect("accounts:identity")
    return render(request, "accounts/identity/withdraw.html", {"case": case})
