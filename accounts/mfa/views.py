"""Pages of the second factor: at sign-in, in the settings, and as fresh proof."""

from base64 import b32encode
from typing import Any

import django_otp
import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.mfa.forms import CodeForm, PasswordForm
from accounts.mfa.selectors import count_backup_codes, find_pending_totp, find_totp
from accounts.mfa.services import (
    SecondFactorIsOff,
    WrongCode,
    WrongPassword,
    disable_totp,
    enable_totp,
    regenerate_backup_codes,
    start_totp,
    use_second_factor,
)
from accounts.sessions.entrance import current_session_id, enter, find_waiting
from accounts.sessions.guards import PersonRequest, actor_of, person_view
from accounts.sessions.limits import MINUTE, rate_limited, take_or_refuse
from accounts.sessions.redirects import local_path
from accounts.sessions.sudo import note_proof, sudo_view
from accounts.users.models import User
from accounts.users.selectors import has_second_factor
from manager.kit.clock import now
from manager.kit.errors import DomainError
from manager.kit.ratelimit import give_back
from manager.kit.requests import posted, public

# Shown beside the field; what is too often, or cannot be counted, has a page of its own.
WRONG = (SecondFactorIsOff, WrongCode, WrongPassword)
FAILURES_PER_PERSON = 10
FAILURES_PER_ADDRESS = 100


@public
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("second-step", limit=FAILURES_PER_ADDRESS, window_seconds=15 * MINUTE)
def second_step(request: HttpRequest) -> HttpResponse:
    """Take the second factor of who has given the password; only now is the person signed in (INC-15)."""
    at = now()
    waiting = find_waiting(request, at=at)
    if waiting is None:
        if request.user.is_authenticated:
            return redirect("/")
        messages.info(request, _("Please sign in again."))
        return redirect("accounts:sign_in")
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            device = _check_code(request, waiting.user, form.cleaned_data["code"])
        except WRONG as refused:
            form.add_error("code", str(refused))
        else:
            return enter(request, user=waiting.user, came_for=waiting.came_for, at=at, factor=device)
    status = 422 if form.is_bound else 200
    by_backup_code = "backup" in request.GET
    context = {"form": form, "by_backup_code": by_backup_code}
    return render(request, "accounts/mfa/second_step.html", context, status=status)


def _check_code(request: HttpRequest, user: User, code: str) -> TOTPDevice:
    """Check a code; only failures count against the person and the address."""
    key = f"second-step:person:{user.pk}"
    allowance = take_or_refuse(key, limit=FAILURES_PER_PERSON, window_seconds=15 * MINUTE)
    device = use_second_factor(user=user, code=code, actor=actor_of(request, user), at=now())
    give_back(allowance)
    if taken := getattr(request, "allowance", None):
        give_back(taken)
    return device


@person_view
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("prove", limit=FAILURES_PER_ADDRESS, window_seconds=15 * MINUTE)
def prove(request: PersonRequest) -> HttpResponse:
    """Ask for the password again, or for a code where the second factor is on, before sensitive acts."""
    came_for = local_path(request.POST.get("next") or request.GET.get("next"), "/profile/security/")
    by_code = has_second_factor(request.user)
    form = (CodeForm if by_code else PasswordForm)(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            _check_proof(request, form.cleaned_data)
        except WRONG as refused:
            form.add_error(refused.field, str(refused))
        else:
            note_proof(request, at=request.at)
            return HttpResponseRedirect(came_for)
    context = {"form": form, "came_for": came_for, "by_code": by_code}
    return render(request, "accounts/mfa/prove.html", context, status=422 if form.is_bound else 200)


def _check_proof(request: PersonRequest, given: dict[str, Any]) -> None:
    if "code" in given:
        _check_code(request, request.user, given["code"])
        return
    key = f"password:person:{request.user.pk}"
    allowance = take_or_refuse(key, limit=FAILURES_PER_PERSON, window_seconds=15 * MINUTE)
    if not request.user.check_password(given["password"]):
        raise WrongPassword
    give_back(allowance)


@person_view
@sudo_view
@require_POST
def totp_start(request: PersonRequest) -> HttpResponse:
    """Make a key for the authenticator app and go on to its QR code."""
    start_totp(user=request.user, actor=request.actor, at=request.at)
    return redirect("accounts:totp_enable")


@person_view
@sudo_view
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("totp-enable", limit=FAILURES_PER_ADDRESS, window_seconds=15 * MINUTE)
def totp_enable(request: PersonRequest) -> HttpResponse:
    """Show the QR code; with a first code of the app the second factor is on (ACC-8)."""
    pending = find_pending_totp(request.user)
    if pending is None:
        return redirect("accounts:security")
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            device, codes = enable_totp(
                user=request.user,
                code=form.cleaned_data["code"],
                keep_session=current_session_id(request),
                actor=request.actor,
                at=request.at,
            )
        except DomainError as refused:
            form.add_error(refused.field, str(refused))
        else:
            django_otp.login(request, device)
            request.session.cycle_key()
            return _show_codes(request, codes, is_new=True)
    context = {"form": form, "qr_code": _qr_code(pending), "key": _key_in_groups(pending)}
    return render(request, "accounts/mfa/totp_enable.html", context, status=422 if form.is_bound else 200)


@person_view
@sudo_view
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("totp-disable", limit=FAILURES_PER_ADDRESS, window_seconds=15 * MINUTE)
def totp_disable(request: PersonRequest) -> HttpResponse:
    """Turn the second factor off, with the password."""
    if find_totp(request.user) is None:
        return redirect("accounts:security")
    form = PasswordForm(posted(request))
    if request.method == "POST" and form.is_valid():
        key = f"password:person:{request.user.pk}"
        allowance = take_or_refuse(key, limit=FAILURES_PER_PERSON, window_seconds=15 * MINUTE)
        password = form.cleaned_data["password"]
        try:
            disable_totp(user=request.user, password=password, actor=request.actor, at=request.at)
        except DomainError as refused:
            form.add_error(refused.field, str(refused))
        else:
            give_back(allowance)
            request.session.cycle_key()
            messages.success(request, _("Two-step sign-in is off."))
            return redirect("accounts:security")
    return render(
        request, "accounts/mfa/totp_disable.html", {"form": form}, status=422 if form.is_bound else 200
    )


@person_view
@sudo_view
@require_http_methods(["GET", "HEAD", "POST"])
def backup_codes(request: PersonRequest) -> HttpResponse:
    """Tell how many backup codes are left; make new ones, which are shown once (ACC-9)."""
    if request.method == "POST":
        codes = regenerate_backup_codes(user=request.user, actor=request.actor, at=request.at)
        return _show_codes(request, codes, is_new=False)
    if find_totp(request.user) is None:
        return redirect("accounts:security")
    left = count_backup_codes(request.user)
    return render(request, "accounts/mfa/backup_codes.html", {"left": left})


def _show_codes(request: PersonRequest, codes: list[str], *, is_new: bool) -> HttpResponse:
    """Show the codes in the answer itself: they are stored nowhere, not even for a redirect."""
    context = {"codes": codes, "as_file": "%0A".join(codes), "is_new": is_new}
    return render(request, "accounts/mfa/backup_codes_shown.html", context)


def _qr_code(device: TOTPDevice) -> str:
    return str(segno.make(device.config_url, error="m").svg_data_uri(border=2, scale=4, omitsize=True))


def _key_in_groups(device: TOTPDevice) -> str:
    key = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))
