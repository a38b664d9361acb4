"""The security page and the change of the password."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.applications.selectors import has_programs
from accounts.mfa.pages import describe_factors
from accounts.mfa.services import WrongPassword
from accounts.recovery.models import AddressKind
from accounts.recovery.selectors import find_open_change
from accounts.security.forms import PasswordChangeForm
from accounts.security.mailboxes import MailboxNotShared, find_own_mailbox
from accounts.security.services import change_password
from accounts.sessions.entrance import current_session_id, renew_session
from accounts.sessions.guards import PersonRequest, person_view
from accounts.sessions.limits import MINUTE, counted_password, rate_limited
from accounts.sessions.selectors import list_remembered_devices, list_sessions
from accounts.sessions.sudo import note_proof
from accounts.users.addresses import show_phone
from accounts.users.passwords import minimum_length
from accounts.users.services import WeakPassword
from manager.kit.requests import posted


@person_view
@require_http_methods(["GET", "HEAD"])
def security(request: PersonRequest) -> HttpResponse:
    """Show login, password, recovery, second factor, sessions and devices (ACC-14)."""
    user = request.user
    factors = describe_factors(user)
    context = {
        **factors,
        "has_second_factor": bool(factors["factors"]),
        "login_change": find_open_change(user, AddressKind.LOGIN, at=request.at),
        "recovery_change": find_open_change(user, AddressKind.RECOVERY, at=request.at),
        "phone": show_phone(user.phone) if user.phone else "",
        "sessions": list_sessions(user=user, at=request.at),
        "remembered": list_remembered_devices(user=user, at=request.at),
        "current_session_id": current_session_id(request),
    }
    return render(request, "accounts/security/security.html", context)


@person_view
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("password-change", limit=100, window_seconds=15 * MINUTE)
def password_change(request: PersonRequest) -> HttpResponse:
    """Change the password with the current one; other sessions end (ACC-5)."""
    programs = has_programs(user=request.user, at=request.at)
    mailbox = find_own_mailbox(user=request.user, at=request.at)
    form = PasswordChangeForm(posted(request), user=request.user, has_programs=programs, mailbox=mailbox)
    if request.method == "POST" and form.is_valid():
        try:
            with counted_password(request.user.pk):
                user = change_password(
                    user=request.user,
                    **form.cleaned_data,
                    keep_session=current_session_id(request),
                    actor=request.actor,
                    at=request.at,
                )
        except (MailboxNotShared, WrongPassword, WeakPassword) as refused:
            form.add_error(refused.field, str(refused))
        else:
            renew_session(request, user=user)
            note_proof(request, at=request.at)
            messages.success(request, _("Your password is changed. All other sessions have ended."))
            if form.cleaned_data.get("with_mailbox"):
                messages.success(
                    request, _("The mailbox %(address)s gets the same password.") % {"address": mailbox}
                )
            return redirect("accounts:security")
    context = {"form": form, "minimum": minimum_length(request.user)}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/security/password_change.html", context, status=status)
