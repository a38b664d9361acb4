"""Pages of signing in and out, and of a person's sessions."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.sessions.entrance import current_session_id, device_secrets, enter, wait_for_second_factor
from accounts.sessions.forms import SignInForm
from accounts.sessions.guards import PersonRequest, actor_of, person_view
from accounts.sessions.limits import HOUR, MINUTE, TooManyAttempts, rate_limited, take_or_refuse
from accounts.sessions.passkey_hosts import describe_place
from accounts.sessions.redirects import local_path
from accounts.sessions.remembering import forget_device
from accounts.sessions.selectors import find_known_device, find_remembered_device, get_session
from accounts.sessions.services import (
    report_failed_sign_in,
    report_locked_login,
    revoke_other_sessions,
    revoke_session,
)
from accounts.sessions.sudo import sudo_view
from accounts.users.models import User
from accounts.users.selectors import has_second_factor
from accounts.users.services import request_email_confirmation
from manager.kit.clock import now
from manager.kit.ratelimit import Allowance, give_back, take
from manager.kit.requests import posted, public

FAILURES_PER_LOGIN = 10
FAILURES_PER_ADDRESS = 100


@public
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("sign-in", limit=FAILURES_PER_ADDRESS, window_seconds=15 * MINUTE)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Take e-mail and password (ACC-2); the second factor follows where it is on."""
    came_for = local_path(request.POST.get("next") or request.GET.get("next"))
    if request.user.is_authenticated:
        return HttpResponseRedirect(came_for)
    form = SignInForm(posted(request))
    if request.method == "POST" and form.is_valid():
        user = _authenticate(request, form.cleaned_data["email"], form.cleaned_data["password"])
        if user is not None:
            return _continue(request, user, came_for)
        form.add_error(None, form.refused)
    context = {"form": form, "came_for": came_for, **describe_place(request)}
    return render(request, "accounts/sessions/sign_in.html", context, status=422 if form.is_bound else 200)


def _authenticate(request: HttpRequest, login: str, password: str) -> User | None:
    """Return the person, or None; only failures count against login and address (INC-11)."""
    allowance = _take_for_login(request, login)
    user: Any = authenticate(request, username=login, password=password)
    if user is None:
        report_failed_sign_in(email=login, actor=actor_of(request, None), at=now())
    if user is not None and user.email_confirmed_at is None:
        _mail_confirmation_again(user)
        return None
    if user is not None:
        give_back(allowance)
        give_back(request.allowance)  # type: ignore[attr-defined]  # of rate_limited
    return user  # type: ignore[no-any-return]  # of our own backend


def _take_for_login(request: HttpRequest, login: str) -> Allowance:
    """Count a try for this login; a known device has a count of its own: nobody locks out the owner."""
    device = find_known_device(login=login, secrets=device_secrets(request))
    place = f"device:{device.pk}" if device else "strangers"
    try:
        key = f"sign-in:login:{login}:{place}"
        return take_or_refuse(key, limit=FAILURES_PER_LOGIN, window_seconds=15 * MINUTE)
    except TooManyAttempts:
        if take(f"sign-in:told:{login}", 1, HOUR).allowed:
            report_locked_login(email=login, actor=actor_of(request, None), at=now())
        raise


def _mail_confirmation_again(user: User) -> None:
    if take(f"confirmation:{user.pk}", 3, HOUR).allowed:
        request_email_confirmation(user=user, at=now())


def _continue(request: HttpRequest, user: User, came_for: str) -> HttpResponse:
    at = now()
    if not has_second_factor(user):
        return enter(request, user=user, came_for=came_for, at=at)
    known = find_remembered_device(user=user, secrets=device_secrets(request), at=at)
    if known is not None:
        return enter(request, user=user, came_for=came_for, at=at, stands_in=known)
    wait_for_second_factor(request, user=user, came_for=came_for, at=at)
    return redirect("accounts:second_step")


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session; without one there is nothing to end."""
    logout(request)
    messages.success(request, _("You are signed out."))
    return redirect("accounts:sign_in")


@person_view
@require_POST
def device_forget(request: PersonRequest, device_id: int) -> HttpResponse:
    """Ask for the second factor on one of one's own devices again (ACC-8)."""
    forget_device(user=request.user, device_id=device_id, actor=request.actor, at=request.at)
    messages.success(request, _("This device is asked for the second factor again."))
    return redirect("accounts:security")


@person_view
@sudo_view
@require_POST
def session_revoke(request: PersonRequest, session_id: int) -> HttpResponse:
    """End one of one's own sessions (ACC-14)."""
    session = get_session(user=request.user, session_id=session_id)
    revoke_session(session=session, actor=request.actor, at=request.at)
    messages.success(request, _("The session has ended."))
    return redirect("accounts:security")


@person_view
@sudo_view
@require_POST
def sessions_revoke_others(request: PersonRequest) -> HttpResponse:
    """End all one's sessions but this one (ACC-14)."""
    keep = current_session_id(request)
    count = revoke_other_sessions(user=request.user, keep=keep, actor=request.actor, at=request.at)
    text = ngettext("%(count)d other session has ended.", "%(count)d other sessions have ended.", count)
    messages.success(request, text % {"count": count} if count else _("There was no other session."))
    return redirect("accounts:security")
