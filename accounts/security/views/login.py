"""Pages of the login address: ask for another, confirm, give up, stop and take back (ACC-4, ACC-13)."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.recovery.models import AddressChange, AddressKind
from accounts.recovery.secrets import Purpose, find_change_by_key
from accounts.recovery.selectors import find_confirmable, find_open_change
from accounts.recovery.services import cancel_change_by_key
from accounts.security.forms import LoginChangeForm
from accounts.security.limits import TRIES_PER_ADDRESS, take_mail
from accounts.security.services import (
    LoginTaken,
    confirm_login_change,
    request_login_change,
    undo_login_change,
)
from accounts.security.services.login import find_undoable
from accounts.security.views.waiting import link_not_valid
from accounts.sessions.entrance import current_session_id, renew_session
from accounts.sessions.guards import PersonRequest, actor_of, person_view
from accounts.sessions.limits import MINUTE, counted_password, rate_limited
from accounts.sessions.sudo import sudo_view
from accounts.users.services import LinkNotValid
from manager.kit.clock import now
from manager.kit.errors import DomainError
from manager.kit.requests import posted, public


@person_view
@sudo_view
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("login-change", limit=TRIES_PER_ADDRESS, window_seconds=15 * MINUTE)
def login_change(request: PersonRequest) -> HttpResponse:
    """Ask for another login with the password; a link goes to the new address (ACC-4).

    Who has a temporary login sees this page and nothing else (ACC-13).
    """
    form = LoginChangeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            _request(request, form.cleaned_data)
        except DomainError as refused:
            if refused.field is None:
                raise
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("Look into the new mailbox: the link there confirms the change."))
            return redirect("accounts:login_change")
    waiting = find_open_change(request.user, AddressKind.LOGIN, at=request.at)
    page = "login_required" if request.user.has_temporary_login else "login_change"
    context = {"form": form, "waiting": waiting}
    status = 422 if form.is_bound else 200
    return render(request, f"accounts/security/{page}.html", context, status=status)


def _request(request: PersonRequest, wanted: dict[str, str]) -> AddressChange:
    """Ask for the change; only wrong passwords count as failures, and mails are counted on their own."""
    with counted_password(request.user.pk):
        take_mail(request.user.pk)
        return request_login_change(user=request.user, **wanted, actor=request.actor, at=request.at)


@person_view
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("login-change-confirm", limit=TRIES_PER_ADDRESS, window_seconds=15 * MINUTE)
def login_change_confirm(request: PersonRequest, key: str) -> HttpResponse:
    """Confirm the new login by its mailed link, signed in as the asker (ACC-4)."""
    change = find_confirmable(key, AddressKind.LOGIN, user=request.user, at=request.at)
    if change is None:
        return link_not_valid(request)
    context = {"change": change, "refused": ""}
    if request.method == "POST":
        try:
            user = confirm_login_change(
                key=key,
                user=request.user,
                keep_session=current_session_id(request),
                actor=request.actor,
                at=request.at,
            )
        except LinkNotValid:
            return link_not_valid(request)
        except LoginTaken as refused:
            context["refused"] = str(refused)
            return render(request, "accounts/security/login_change_confirm.html", context, status=409)
        renew_session(request, user=user)
        messages.success(request, _("Your login is changed. All other sessions have ended."))
        return redirect("accounts:security")
    return render(request, "accounts/security/login_change_confirm.html", context)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("login-change-stop", limit=TRIES_PER_ADDRESS, window_seconds=15 * MINUTE)
def login_change_stop(request: HttpRequest, key: str) -> HttpResponse:
    """Stop a change that waits, by the link in the mail to the present login (INC-10)."""
    at = now()
    change = find_change_by_key(key, Purpose.CANCEL)
    if change is None or change.confirmed_at is not None or change.cancelled_at is not None:
        return link_not_valid(request)
    if request.method == "POST":
        cancel_change_by_key(key=key, actor=actor_of(request, request.user), at=at)
        messages.success(request, _("The change is stopped. Please choose a new password now."))
        return redirect("accounts:password_forgotten")
    return render(request, "accounts/security/login_change_stop.html", {"change": change})


@public
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("login-change-undo", limit=TRIES_PER_ADDRESS, window_seconds=15 * MINUTE)
def login_change_undo(request: HttpRequest, key: str) -> HttpResponse:
    """Take a changed login back, by the link in the mail to the address before (INC-10)."""
    at = now()
    change = find_undoable(key=key, at=at)
    if change is None:
        return link_not_valid(request)
    context = {"change": change, "refused": ""}
    if request.method == "POST":
        try:
            undo_login_change(key=key, actor=actor_of(request, request.user), at=at)
        except LinkNotValid:
            return link_not_valid(request)
        except LoginTaken as refused:
            context["refused"] = str(refused)
            return render(request, "accounts/security/login_change_undo.html", context, status=409)
        logout(request)
        return redirect("accounts:login_change_undone")
    return render(request, "accounts/security/login_change_undo.html", context)


@public
@require_http_methods(["GET", "HEAD"])
def login_change_undone(request: HttpRequest) -> HttpResponse:
    """Say that the login is restored and that a link for a new password is on its way."""
    return render(request, "accounts/security/login_change_undone.html")
