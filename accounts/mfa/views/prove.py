"""Fresh proof before sensitive acts: the password, or any factor, within the last 15 minutes."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.mfa.forms import PasswordForm
from accounts.mfa.selectors import count_backup_codes
from accounts.mfa.services import WrongPassword
from accounts.mfa.steps import FAILURES_PER_ADDRESS, begin_proving, describe_ways
from accounts.sessions.guards import PersonRequest, person_view
from accounts.sessions.limits import MINUTE, counted_password, rate_limited
from accounts.sessions.redirects import local_path
from accounts.sessions.sudo import ASKS_FACTOR, note_proof, owes_factor
from accounts.users.selectors import has_second_factor
from manager.kit.requests import posted


@person_view
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("prove", limit=FAILURES_PER_ADDRESS, window_seconds=15 * MINUTE)
def prove(request: PersonRequest) -> HttpResponse:
    """Take the password again, or lead to the factors; some acts ask for a factor (INC-14)."""
    came_for = local_path(request.POST.get("next") or request.GET.get("next"), "/profile/security/")
    takes_password = not (_asks_factor(request) and has_second_factor(request.user))
    begin_proving(request, came_for=came_for, at=request.at)
    form = PasswordForm(posted(request) if takes_password else None)
    if request.method == "POST" and form.is_valid():
        try:
            _check_password(request, form.cleaned_data["password"])
        except WrongPassword as refused:
            form.add_error("password", str(refused))
        else:
            note_proof(request, at=request.at)
            request.session.cycle_key()
            return HttpResponseRedirect(came_for)
    ways = describe_ways(request.user)
    context = {
        "form": form,
        "came_for": came_for,
        "takes_password": takes_password,
        "ways": ways,
        "codes_left": count_backup_codes(request.user) if ways else 0,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "accounts/mfa/prove.html", context, status=status)


def _asks_factor(request: PersonRequest) -> bool:
    return ASKS_FACTOR in request.GET or owes_factor(request)


def _check_password(request: PersonRequest, password: str) -> None:
    with counted_password(request.user.pk):
        if not request.user.check_password(password):
            raise WrongPassword
