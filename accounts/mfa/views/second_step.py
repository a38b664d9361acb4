"""The second step of signing in, and of a fresh proof: the code of an app, a backup code, other ways."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from django_otp.models import Device

from accounts.mfa.attempts import counted_failure
from accounts.mfa.factors import AddedFactor, list_added_factors
from accounts.mfa.forms import CodeForm
from accounts.mfa.selectors import count_backup_codes
from accounts.mfa.services import SecondFactorIsOff, WrongCode, is_typed_code, use_backup_code, use_totp
from accounts.mfa.steps import Step, describe_ways, finish_step, step_view, url_of_step
from accounts.mfa.totp import SLUG
from accounts.sessions.guards import actor_of
from manager.kit.requests import posted, public

# Shown beside the field; what is too often, or cannot be counted, has a page of its own.
WRONG = (SecondFactorIsOff, WrongCode)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@step_view
def second_step(request: HttpRequest, step: Step) -> HttpResponse:
    """Take the code of an app or a backup code; only now is the person signed in (INC-15).

    Whoever last used another factor is led to its page.
    """
    ways = list_added_factors(step.user)
    has_app = any(way.kind == SLUG for way in ways)
    by_backup_code = "backup" in request.GET or not (has_app or ways)
    if request.method != "POST" and not by_backup_code and not _shows_app(request, ways):
        return redirect(url_of_step(ways[0]))
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            device = _use_code(request, step, form.cleaned_data["code"])
        except WRONG as refused:
            form.add_error("code", str(refused))
        else:
            return finish_step(request, step, factor=device)
    context = {"form": form, "step": step, "by_backup_code": by_backup_code or not has_app}
    return render(request, "accounts/mfa/second_step.html", context, status=422 if form.is_bound else 200)


@public
@require_safe
@step_view
def ways(request: HttpRequest, step: Step) -> HttpResponse:
    """List the person's factors to choose from, most recently used first; backup codes are the last way."""
    context = {"rows": describe_ways(step.user), "step": step, "codes_left": count_backup_codes(step.user)}
    return render(request, "accounts/mfa/ways.html", context)


def _shows_app(request: HttpRequest, ways: list[AddedFactor]) -> bool:
    if "factor" in request.GET:
        return any(way.kind == SLUG for way in ways)
    return ways[0].kind == SLUG


def _use_code(request: HttpRequest, step: Step, code: str) -> Device:
    actor = actor_of(request, step.user)
    with counted_failure(request, step.user):
        if is_typed_code(code):
            return use_totp(user=step.user, code=code, actor=actor, at=step.at)
        return use_backup_code(user=step.user, code=code, actor=actor, at=step.at)
