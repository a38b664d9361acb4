"""Pages of closing an account, and of taking one's data along."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.closing.departures import list_conditions
from accounts.closing.export import export_person
from accounts.closing.forms import CloseAccountForm
from accounts.closing.services import close_account
from accounts.sessions.guards import PersonRequest, person_view
from accounts.sessions.limits import HOUR, MINUTE, rate_limited
from accounts.sessions.sudo import sudo_view
from manager.kit.downloads import give_file
from manager.kit.forms import form_page, refusals_beside_fields
from manager.kit.requests import posted


@person_view
@sudo_view
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("close-account", limit=20, window_seconds=15 * MINUTE)
def close(request: PersonRequest) -> HttpResponse:
    """Show what has to be settled, what goes and what stays; then close the account (ACC-15)."""
    form = CloseAccountForm(posted(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        with refusals_beside_fields(form):
            close_account(user=request.user, actor=request.actor, at=request.at)
            logout(request)
            messages.success(request, _("Your account is closed. Thank you for the time with us."))
            return redirect("accounts:sign_in")
    conditions = list_conditions(user=request.user, at=request.at)
    is_ready = all(one.met for one in conditions)
    return form_page(request, "accounts/closing/close.html", form, conditions=conditions, is_ready=is_ready)


@person_view
@require_POST
@sudo_view
@rate_limited("export-account", limit=10, window_seconds=HOUR)
def export(request: PersonRequest) -> HttpResponse:
    """Give everything the panel keeps of the person as a ZIP."""
    packed = export_person(user=request.user, at=request.at)
    return give_file(packed, name="my-data.zip", kind="application/zip")
