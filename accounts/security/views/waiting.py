"""A change of login or recovery address that waits for the link in its mail: sent again, given up."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.recovery.models import AddressKind
from accounts.recovery.services import NoChangeWaits, cancel_change, resend_change
from accounts.security.limits import take_mail
from accounts.sessions.guards import PersonRequest, person_view
from accounts.sessions.limits import HOUR, rate_limited

PAGES = {AddressKind.LOGIN: "accounts:login_change", AddressKind.RECOVERY: "accounts:recovery_email"}


@person_view
@require_POST
@rate_limited("address-change-resend", limit=30, window_seconds=HOUR)
def resend(request: PersonRequest, kind: AddressKind) -> HttpResponse:
    """Mail the link to the wanted address again and go back."""
    take_mail(request.user.pk)
    try:
        resend_change(user=request.user, kind=kind, actor=request.actor, at=request.at)
    except NoChangeWaits as refused:
        messages.info(request, str(refused))
    else:
        messages.success(request, _("The link is on its way again. The one before ends."))
    return redirect(PAGES[kind])


@person_view
@require_POST
def cancel(request: PersonRequest, kind: AddressKind) -> HttpResponse:
    """Give the change up and go back; the present address stays."""
    try:
        cancel_change(user=request.user, kind=kind, actor=request.actor, at=request.at)
    except NoChangeWaits as refused:
        messages.info(request, str(refused))
    else:
        messages.success(request, _("The change is given up. Everything stays as it was."))
    return redirect(PAGES[kind])


def link_not_valid(request: HttpRequest) -> HttpResponse:
    """Answer a link that is too old, was used, or never was one of ours."""
    return render(request, "accounts/recovery/link_not_valid.html", status=404)
