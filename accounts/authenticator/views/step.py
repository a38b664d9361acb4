"""The second step by a linked phone: the number to compare, the wait, and the code that works offline."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.authenticator.models import ApprovalRequest
from accounts.authenticator.refusals import RequestNotOpen
from accounts.authenticator.selectors import find_request, status_of_request
from accounts.authenticator.services import ask_approval, use_approval, use_phone_code
from accounts.authenticator.status import ApprovalStatus
from accounts.authenticator.stream import answer_stream
from accounts.authenticator.views.phone import REQUESTS_IN_TEN_MINUTES, REQUESTS_KEY
from accounts.mfa.attempts import counted_failure
from accounts.mfa.forms import CodeForm
from accounts.mfa.services import SecondFactorIsOff, WrongCode
from accounts.mfa.steps import Step, finish_step, step_view
from accounts.sessions.guards import actor_of
from accounts.sessions.limits import HOUR
from manager.kit.clock import now
from manager.kit.ratelimit import take
from manager.kit.requests import posted, public

ASKED = "approval_request"
WAITS = frozenset({ApprovalStatus.PENDING.value})


@public
@require_http_methods(["GET", "HEAD", "POST"])
@step_view
def phone_step(request: HttpRequest, step: Step) -> HttpResponse:
    """Ask the person's phones and wait; POST goes on with the approval, takes a code, or asks again.

    The first look asks, later ones show the same request.
    """
    wish = request.POST.get("do") if request.method == "POST" else None
    if wish == "again":
        _ask(request, step)
        return redirect(request.get_full_path())
    if wish == "continue":
        return _go_on(request, step)
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            with counted_failure(request, step.user):
                phone = use_phone_code(
                    user=step.user,
                    code=form.cleaned_data["code"],
                    actor=actor_of(request, step.user),
                    at=step.at,
                )
        except (SecondFactorIsOff, WrongCode) as refused:
            form.add_error("code", str(refused))
        else:
            request.session.pop(ASKED, None)
            return finish_step(request, step, factor=phone)
    return _show(request, step, form)


@public
@require_safe
@step_view
def phone_step_state(request: HttpRequest, step: Step) -> HttpResponse:
    """Tell the waiting page where its request stands."""
    asked = _asked_id(request)
    state = status_of_request(asked, at=step.at) if asked else ApprovalStatus.EXPIRED.value
    return JsonResponse({"state": state})


@public
@require_safe
@step_view
def phone_step_events(request: HttpRequest, step: Step) -> Any:
    """Tell it as it happens, as server-sent events; 204 where too many wait already."""
    asked = _asked_id(request)
    if asked is None or request.method == "HEAD":
        return HttpResponse(status=204)
    return answer_stream(lambda: status_of_request(asked, at=now()), waits=WAITS)


def _show(request: HttpRequest, step: Step, form: CodeForm) -> HttpResponse:
    asked = _find_asked(request, step)
    is_first_look = asked is None and request.method == "GET"
    if is_first_look:
        asked = _ask(request, step)
    state = status_of_request(asked.pk, at=step.at) if asked else ""
    context = {
        "form": form,
        "step": step,
        "asked": asked,
        "state": state,
        "is_too_often": is_first_look and asked is None,
        "by_code": "code" in request.GET,
    }
    status = 422 if form.is_bound else 200
    return render(request, "accounts/authenticator/phone_step.html", context, status=status)


def _ask(request: HttpRequest, step: Step) -> ApprovalRequest | None:
    """Ask the phones; None where this was done too often, against requests until somebody says yes."""
    key = REQUESTS_KEY.format(step.user.pk)
    if not take(key, REQUESTS_IN_TEN_MINUTES, HOUR // 6).allowed:
        request.session.pop(ASKED, None)
        return None
    actor = actor_of(request, step.user)
    try:
        asked = ask_approval(user=step.user, is_sign_in=step.is_sign_in, actor=actor, at=step.at)
    except SecondFactorIsOff:
        return None
    request.session[ASKED] = str(asked.pk)
    return asked


def _go_on(request: HttpRequest, step: Step) -> HttpResponse:
    asked = _asked_id(request)
    if asked is None:
        return redirect(request.get_full_path())
    try:
        phone = use_approval(user=step.user, request_id=asked, actor=actor_of(request, step.user), at=step.at)
    except RequestNotOpen:
        return redirect(request.get_full_path())
    request.session.pop(ASKED, None)
    return finish_step(request, step, factor=phone)


def _find_asked(request: HttpRequest, step: Step) -> ApprovalRequest | None:
    asked = _asked_id(request)
    return find_request(user=step.user, request_id=asked) if asked else None


def _asked_id(request: HttpRequest) -> UUID | None:
    noted = request.session.get(ASKED)
    return UUID(noted) if noted else None
