"""The page on which a person chooses mails."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.profile.notifications import ALWAYS_SENT, CHOICES
from accounts.profile.services import choose_mails
from accounts.sessions.guards import PersonRequest, person_view


@person_view
@require_http_methods(["GET", "HEAD", "POST"])
def notifications(request: PersonRequest) -> HttpResponse:
    """Choose the optional mails; those about security always come (ACC-14)."""
    if request.method == "POST":
        wanted = request.POST.getlist("mails")
        choose_mails(user=request.user, wanted=wanted, actor=request.actor, at=request.at)
        messages.success(request, _("Your choice of mails is saved."))
        return redirect("accounts:notifications")
    choices = [
        {"kind": kind, "choice": choice, "is_on": kind not in request.user.muted_mails}
        for kind, choice in CHOICES.items()
    ]
    context = {"choices": choices, "always": ALWAYS_SENT}
    return render(request, "accounts/profile/notifications.html", context)
