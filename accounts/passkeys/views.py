"""Pages of passkeys: adding one, the second step, and signing in without a password."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.mfa.attempts import counted_failure
from accounts.mfa.pages import answer_added
from accounts.mfa.steps import FAILURES_PER_ADDRESS, Step, chosen_factor, finish_step, step_view
from accounts.passkeys.cookie import forget_challenge, read_challenge, remember_challenge
from accounts.passkeys.forms import AnswerForm, PasskeyForm
from accounts.passkeys.services import (
    SLUG,
    PasskeyRefused,
    State,
    add_passkey,
    ask_passkey,
    start_passkey,
    use_passkey,
)
from accounts.sessions.agents import name_system
from accounts.sessions.entrance import current_session_id, enter
from accounts.sessions.guards import PersonRequest, person_view
from accounts.sessions.limits import MINUTE, rate_limited
from accounts.sessions.passkey_hosts import describe_place
from accounts.sessions.redirects import local_path
from accounts.sessions.sudo import sudo_view
from manager.kit.clock import now
from manager.kit.errors import DomainError
from manager.kit.ratelimit import give_back
from manager.kit.requests import client_agent, posted, public

ASKED = "passkey"
QUARTER = 15 * MINUTE
OPTIONS_PER_ADDRESS = 300


@person_view
@sudo_view
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("passkey-add", limit=FAILURES_PER_ADDRESS, window_seconds=QUARTER)
def passkey_add(request: PersonRequest) -> HttpResponse:
    """Add a passkey that the browser makes (ACC-8)."""
    form = PasskeyForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            device, codes = add_passkey(
                user=request.user,
                state=_take_state(request),
                answer=form.cleaned_data["answer"],
                name=form.cleaned_data["name"] or name_system(client_agent(request)) or _("Passkey"),
                keep_session=current_session_id(request),
                actor=request.actor,
                at=request.at,
            )
        except DomainError as refused:
            form.add_error(None, str(refused))
        else:
            return answer_added(request, device=device, codes=codes)
    context = {"form": form, **describe_place(request)}
    return render(
        request, "accounts/passkeys/passkey_add.html", context, status=422 if form.is_bound else 200
    )


@person_view
@sudo_view
@require_POST
@rate_limited("passkey-options", limit=OPTIONS_PER_ADDRESS, window_seconds=QUARTER)
def passkey_add_options(request: PersonRequest) -> HttpResponse:
    """Give the browser what it needs to make a passkey."""
    options, state = start_passkey(user=request.user, actor=request.actor, at=request.at)
    request.session[ASKED] = state
    return JsonResponse(options)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@step_view
def passkey_step(request: HttpRequest, step: Step) -> HttpResponse:
    """Take a passkey as the second step, or as fresh proof."""
    if chosen_factor(request, step, SLUG) is None:
        return redirect("accounts:second_step_ways")
    form = AnswerForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            with counted_failure(request, step.user):
                answer, state = form.cleaned_data["answer"], _take_state(request)
                device = use_passkey(user=step.user, state=state, answer=answer, at=step.at)
        except PasskeyRefused as refused:
            form.add_error(None, str(refused))
        else:
            return finish_step(request, step, factor=device)
    context = {"form": form, "step": step, **describe_place(request)}
    return render(
        request, "accounts/passkeys/passkey_step.html", context, status=422 if form.is_bound else 200
    )


@public
@require_POST
@step_view
def passkey_step_options(request: HttpRequest, step: Step) -> HttpResponse:
    """Give the browser a challenge for one of the person's passkeys."""
    if allowance := getattr(request, "allowance", None):
        give_back(allowance)
    options, state = ask_passkey(user=step.user, at=step.at)
    request.session[ASKED] = state
    return JsonResponse(options)


@public
@require_POST
@rate_limited("passkey-sign-in", limit=FAILURES_PER_ADDRESS, window_seconds=QUARTER)
def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with a passkey alone: having it, and the device's check of who holds it, are two factors."""
    came_for = local_path(request.POST.get("next"))
    at = now()
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            state = read_challenge(request)
            device = use_passkey(user=None, state=state, answer=form.cleaned_data["answer"], at=at)
        except PasskeyRefused:
            pass
        else:
            give_back(request.allowance)  # type: ignore[attr-defined]  # of rate_limited
            answer = enter(request, user=device.user, came_for=came_for, at=at, factor=device)
            forget_challenge(answer)
            return answer
    return render(request, "accounts/passkeys/sign_in_refused.html", {"came_for": came_for}, status=422)


@public
@require_POST
@rate_limited("passkey-options", limit=OPTIONS_PER_ADDRESS, window_seconds=QUARTER)
def passkey_sign_in_options(request: HttpRequest) -> HttpResponse:
    """Give the browser a challenge for whichever passkey of ours it has; names nobody (INC-8)."""
    options, state = ask_passkey(user=None, at=now())
    response = JsonResponse(options)
    remember_challenge(response, state)
    return response


def _take_state(request: HttpRequest) -> State | None:
    state: State | None = request.session.pop(ASKED, None)
    return state
