"""Pages of the recovery address and the mobile number (ACC-6, ACC-7)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.recovery.models import AddressKind
from accounts.recovery.selectors import find_confirmable, find_open_change
from accounts.recovery.services import (
    confirm_recovery_email,
    remove_recovery_email,
    request_recovery_email,
)
from accounts.security.forms import PhoneForm, RecoveryEmailForm
from accounts.security.limits import TRIES_PER_ADDRESS, take_mail
from accounts.security.views.waiting import link_not_valid
from accounts.sessions.entrance import current_session_id, renew_session
from accounts.sessions.guards import PersonRequest, person_view
from accounts.sessions.limits import HOUR, MINUTE, rate_limited
from accounts.sessions.sudo import sudo_view
from accounts.users.addresses import show_phone
from accounts.users.services import LinkNotValid, change_phone
from manager.kit.errors import DomainError
from manager.kit.requests import posted


@person_view
@sudo_view
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("recovery-email", limit=30, window_seconds=HOUR)
def recovery_email(request: PersonRequest) -> HttpResponse:
    """Ask for another recovery address; a link goes there (ACC-6)."""
    form = RecoveryEmailForm(posted(request))
    if request.method == "POST" and form.is_valid():
        take_mail(request.user.pk)
        try:
            request_recovery_email(user=request.user, **form.cleaned_data, actor=request.actor, at=request.at)
        except DomainError as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("Look into that mailbox: the link there confirms the address."))
            return redirect("accounts:recovery_email")
    waiting = find_open_change(request.user, AddressKind.RECOVERY, at=request.at)
    context = {"form": form, "waiting": waiting}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/security/recovery_email.html", context, status=status)


@person_view
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("recovery-email-confirm", limit=TRIES_PER_ADDRESS, window_seconds=15 * MINUTE)
def recovery_email_confirm(request: PersonRequest, key: str) -> HttpResponse:
    """Confirm the recovery address by its mailed link, signed in as the asker (ACC-6)."""
    change = find_confirmable(key, AddressKind.RECOVERY, user=request.user, at=request.at)
    if change is None:
        return link_not_valid(request)
    if request.method == "POST":
        try:
            user = confirm_recovery_email(
                key=key,
                user=request.user,
                keep_session=current_session_id(request),
                actor=request.actor,
                at=request.at,
            )
        except LinkNotValid:
            return link_not_valid(request)
        renew_session(request, user=user)
        messages.success(request, _("Your recovery address is confirmed."))
        return redirect("accounts:security")
    return render(request, "accounts/security/recovery_email_confirm.html", {"change": change})


@person_view
@sudo_view
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_email_remove(request: PersonRequest) -> HttpResponse:
    """Remove the recovery address."""
    if not request.user.recovery_email:
        return redirect("accounts:security")
    if request.method == "POST":
        keep = current_session_id(request)
        user = remove_recovery_email(user=request.user, keep_session=keep, actor=request.actor, at=request.at)
        renew_session(request, user=user)
        messages.success(request, _("Your recovery address is removed."))
        return redirect("accounts:security")
    return render(request, "accounts/security/recovery_email_remove.html")


@person_view
@sudo_view
@require_http_methods(["GET", "HEAD", "POST"])
def phone_change(request: PersonRequest) -> HttpResponse:
    """Change the mobile number, by which a forgotten login is found (ACC-7)."""
    user = request.user
    form = PhoneForm(posted(request), initial={"phone": show_phone(user.phone) if user.phone else ""})
    if request.method == "POST" and form.is_valid():
        change_phone(user=user, phone=form.cleaned_data["phone"], actor=request.actor, at=request.at)
        messages.success(request, _("Your mobile number is saved."))
        return redirect("accounts:security")
    status = 422 if form.is_bound else 200
    return render(request, "accounts/security/phone_change.html", {"form": form}, status=status)
