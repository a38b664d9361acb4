"""Pages of the login address: ask for another, confirm, give up, stop and take back (ACC-4, ACC-13)."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.recovery.models import AddressChange, AddressKind
from accounts.recovery.secrets import Purpose, find_change_by_key
from accounts.recovery.selectors import find_confirmable, find_open_change
from accounts.recovery.services import NoChangeWaits, cancel_change, cancel_change_by_key, resend_change
from accounts.security.forms import LoginChangeForm
from accounts.security.services import (
    LoginTaken,
    confirm_login_change,
    request_login_change,
    undo_login_change,
)
from accounts.security.services.login import find_undoable
from accounts.sessions.entrance import current_session_id, renew_session
from accounts.sessions.guards import PersonRequest, actor_of, person_view
from accounts.sessions.limits import HOUR, MINUTE, rate_limited, take_or_refuse
from accounts.sessions.sudo import sudo_view
from accounts.users.services import LinkNotValid
from manager.kit.clock import now
from manager.kit.errors import DomainError
from manager.kit.ratelimit import give_back
from manager.kit.requests import posted, public

FAILURES_PER_PERSON = 10
MAILS_PER_PERSON = 5
TRIES_PER_ADDRESS = 100


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
    key = f"password:person:{request.user.pk}"
    allowance = take_or_refuse(key, limit=FAILURES_PER_PERSON, window_seconds=15 * MINUTE)
    take_mail(request)
    change = request_login_change(user=request.user, **wanted, actor=request.actor, at=request.at)
    give_back(allowance)
    return change


def take_mail(request: PersonRequest) -> None:
    """Count a mail to an address that a person names: nobody floods a stranger's mailbox."""
    key = f"address-change:person:{request.user.pk}"
    take_or_refuse(key, limit=MAILS_PER_PERSON, window_seconds=HOUR)


@person_view
@require_POST
@rate_limited("login-change-resend", limit=30, window_seconds=HOUR)
def login_change_resend(request: PersonRequest) -> HttpResponse:
    """Mail the link to the wanted login again."""
    return resend(request, AddressKind.LOGIN, "accounts:login_change")


@person_view
@require_POST
def login_change_cancel(request: PersonRequest) -> HttpResponse:
    """Give the change up; the present login stays."""
    return cancel(request, AddressKind.LOGIN, "accounts:login_change")


def resend(request: PersonRequest, kind: AddressKind, back: str) -> HttpResponse:
    """Mail the link of a change again and go back."""
    take_mail(request)
    try:
        resend_change(user=request.user, kind=kind, actor=request.actor, at=request.at)
    except NoChangeWaits as refused:
        messages.info(request, str(refused))
    else:
        messages.success(request, _("The link is on its way again. The one before ends."))
    return redirect(back)


def cancel(request: PersonRequest, kind: AddressKind, back: str) -> HttpResponse:
    """Give a change up and go back."""
    try:
        cancel_change(user=request.user, kind=kind, actor=request.actor, at=request.at)
    except NoChangeWaits as refused:
        messages.info(request, str(refused))
    else:
        messages.success(request, _("The change is given up. Everything stays as it was."))
    return redirect(back)


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


def link_not_valid(request: HttpRequest) -> HttpResponse:
    """Answer a link that is too old, was used, or never was one of ours."""
    return render(request, "accounts/recovery/link_not_valid.html", status=404)
