"""Pages of recovery."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.applications.selectors import has_programs
from accounts.recovery.forms import ForgottenLoginForm, ForgottenPasswordForm, NewPasswordForm
from accounts.recovery.services import (
    find_reset_user,
    request_login_reminder,
    request_password_reset,
    reset_password,
)
from accounts.sessions.guards import actor_of
from accounts.sessions.limits import HOUR, MINUTE, rate_limited, take_or_refuse
from accounts.users.passwords import minimum_length
from manager.kit.clock import now
from manager.kit.requests import posted, public

MAILS_PER_LOGIN = 5
MAILS_PER_ADDRESS = 30
REMINDERS_PER_NUMBER = 3


@public
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("password-forgotten", limit=MAILS_PER_ADDRESS, window_seconds=HOUR)
def password_forgotten(request: HttpRequest) -> HttpResponse:
    """Take a login and mail its reset link; the answer is the same for every address."""
    form = ForgottenPasswordForm(posted(request))
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        take_or_refuse(f"password-forgotten:login:{email}", limit=MAILS_PER_LOGIN, window_seconds=HOUR)
        request_password_reset(email=email, actor=actor_of(request, None), at=now())
        return redirect("accounts:password_forgotten_sent")
    status = 422 if form.is_bound else 200
    return render(request, "accounts/recovery/password_forgotten.html", {"form": form}, status=status)


@public
@require_http_methods(["GET", "HEAD"])
def password_forgotten_sent(request: HttpRequest) -> HttpResponse:
    """Say that a mail is on its way, if the address is somebody's."""
    return render(request, "accounts/recovery/password_forgotten_sent.html")


@public
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("login-forgotten", limit=MAILS_PER_ADDRESS, window_seconds=HOUR)
def login_forgotten(request: HttpRequest) -> HttpResponse:
    """Take a mobile number and have its login told (ACC-7); the answer is the same for every number."""
    form = ForgottenLoginForm(posted(request))
    if request.method == "POST" and form.is_valid():
        key = f"login-forgotten:number:{form.cleaned_data['phone']}"
        take_or_refuse(key, limit=REMINDERS_PER_NUMBER, window_seconds=HOUR)
        request_login_reminder(**form.cleaned_data, actor=actor_of(request, None), at=now())
        return redirect("accounts:login_forgotten_sent")
    status = 422 if form.is_bound else 200
    return render(request, "accounts/recovery/login_forgotten.html", {"form": form}, status=status)


@public
@require_http_methods(["GET", "HEAD"])
def login_forgotten_sent(request: HttpRequest) -> HttpResponse:
    """Say that the login is on its way, if the number is somebody's."""
    return render(request, "accounts/recovery/login_forgotten_sent.html")


@public
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("password-reset", limit=MAILS_PER_ADDRESS, window_seconds=15 * MINUTE)
def password_reset(request: HttpRequest, token: str) -> HttpResponse:
    """Take a new password by a mailed link (ACC-6)."""
    at = now()
    user = find_reset_user(token=token, at=at)
    if user is None:
        return render(request, "accounts/recovery/link_not_valid.html", status=404)
    programs = has_programs(user=user, at=at)
    form = NewPasswordForm(posted(request), user=user, has_programs=programs)
    if request.method == "POST" and form.is_valid():
        reset_password(token=token, **form.cleaned_data, actor=actor_of(request, user), at=at)
        messages.success(request, _("Your new password is set. Please sign in with it."))
        return redirect("accounts:sign_in")
    context = {"form": form, "email": user.email, "minimum": minimum_length(user)}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/recovery/password_reset.html", context, status=status)
