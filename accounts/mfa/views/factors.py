"""Renaming and removing a factor, whatever its kind."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.mfa.factors import FactorKind, find_factor_kind, list_added_factors
from accounts.mfa.forms import FactorNameForm, NothingForm, PasswordForm
from accounts.mfa.pages import answer_removed
from accounts.mfa.services import WrongPassword, find_device, remove_factor, rename_factor
from accounts.mfa.steps import FAILURES_PER_ADDRESS
from accounts.sessions.entrance import current_session_id
from accounts.sessions.guards import PersonRequest, person_view
from accounts.sessions.limits import MINUTE, counted_password, rate_limited
from accounts.sessions.sudo import sudo_view
from accounts.users.services import WeakPassword
from manager.kit.requests import posted


@person_view
@sudo_view
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("factor-remove", limit=FAILURES_PER_ADDRESS, window_seconds=15 * MINUTE)
def factor_remove(request: PersonRequest, kind: str, factor_id: int) -> HttpResponse:
    """Remove a factor; with the last one two-step sign-in is off, which asks for the password."""
    known = _kind_or_404(kind)
    device = find_device(user=request.user, kind=known, factor_id=factor_id)
    is_last = len(list_added_factors(request.user)) == 1
    form = (PasswordForm if is_last else NothingForm)(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            with counted_password(request.user.pk):
                remove_factor(
                    user=request.user,
                    kind=known,
                    factor_id=factor_id,
                    password=form.cleaned_data.get("password", ""),
                    keep_session=current_session_id(request),
                    actor=request.actor,
                    at=request.at,
                )
        except (WrongPassword, WeakPassword) as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            return answer_removed(request, name=device.name)
    context = {"form": form, "factor": device, "kind": known, "is_last": is_last}
    return render(request, "accounts/mfa/factor_remove.html", context, status=422 if form.is_bound else 200)


@person_view
@require_http_methods(["GET", "HEAD", "POST"])
def factor_rename(request: PersonRequest, kind: str, factor_id: int) -> HttpResponse:
    """Give a factor another name."""
    known = _kind_or_404(kind)
    device = find_device(user=request.user, kind=known, factor_id=factor_id)
    form = FactorNameForm(posted(request), initial={"name": device.name})
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        rename_factor(
            user=request.user,
            kind=known,
            factor_id=factor_id,
            name=name,
            actor=request.actor,
            at=request.at,
        )
        return redirect("accounts:security")
    context = {"form": form, "factor": device, "kind": known}
    return render(request, "accounts/mfa/factor_rename.html", context, status=422 if form.is_bound else 200)


def _kind_or_404(slug: str) -> FactorKind:
    kind = find_factor_kind(slug)
    if kind is None:
        raise Http404
    return kind
