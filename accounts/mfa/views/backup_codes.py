"""New backup codes."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.mfa.pages import show_codes
from accounts.mfa.selectors import count_backup_codes
from accounts.mfa.services import regenerate_backup_codes
from accounts.sessions.guards import PersonRequest, person_view
from accounts.sessions.sudo import sudo_view
from accounts.users.selectors import has_second_factor


@person_view
@sudo_view
@require_http_methods(["GET", "HEAD", "POST"])
def backup_codes(request: PersonRequest) -> HttpResponse:
    """Tell how many backup codes are left; make new ones, which are shown once (ACC-9)."""
    if request.method == "POST":
        codes = regenerate_backup_codes(user=request.user, actor=request.actor, at=request.at)
        return show_codes(request, codes=codes, is_first=False)
    if not has_second_factor(request.user):
        return redirect("accounts:security")
    left = count_backup_codes(request.user)
    return render(request, "accounts/mfa/backup_codes.html", {"left": left})
