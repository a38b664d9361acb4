"""The second step: of a sign-in, or as fresh proof before a sensitive act. One page of a kind serves both."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

import django_otp
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django_otp.models import Device

from accounts.mfa.factors import AddedFactor, find_factor_kind, list_added_factors
from accounts.sessions.entrance import enter, find_waiting
from accounts.sessions.limits import MINUTE, rate_limited
from accounts.sessions.redirects import local_path
from accounts.sessions.sudo import note_proof
from accounts.users.models import User
from manager.kit.clock import now

PROVING = "proving"
# The box on the pages of the second step.
REMEMBER = "remember"
PROVING_LASTS = timedelta(minutes=10)
FAILURES_PER_ADDRESS = 100

StepView = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Step:
    """Who is asked for a second factor, and where he or she wants to go.

    `is_sign_in`: the person has only given the password yet; else he or she is signed in and proves it anew.
    """

    user: User
    came_for: str
    is_sign_in: bool
    at: datetime

    @property
    def may_remember(self) -> bool:
        """Whether the device may be left alone for 30 days; staff always give the second factor."""
        return self.is_sign_in and not self.user.is_staff


def begin_proving(request: HttpRequest, *, came_for: str, at: datetime) -> None:
    """Remember that this signed-in person is about to prove who he or she is."""
    request.session[PROVING] = {"came_for": came_for, "until": (at + PROVING_LASTS).timestamp()}


def find_step(request: HttpRequest, *, at: datetime) -> Step | None:
    """Return who is asked in this session, or None: nobody, or the ten minutes are over."""
    user: Any = request.user
    if not user.is_authenticated:
        waiting = find_waiting(request, at=at)
        return Step(waiting.user, waiting.came_for, is_sign_in=True, at=at) if waiting else None
    note = request.session.get(PROVING)
    if note is None or at.timestamp() > note["until"]:
        return None
    return Step(user, local_path(note["came_for"]), is_sign_in=False, at=at)


def finish_step(request: HttpRequest, step: Step, *, factor: Device) -> HttpResponse:
    """Let the person through who has shown `factor`; `request.user.is_verified()` is true from now on."""
    if step.is_sign_in:
        return enter(
            request,
            user=step.user,
            came_for=step.came_for,
            at=step.at,
            factor=factor,
            remember=step.may_remember and REMEMBER in request.POST,
        )
    request.session.pop(PROVING, None)
    note_proof(request, at=step.at, by_factor=True)
    django_otp.login(request, factor)
    request.session.cycle_key()
    return HttpResponseRedirect(step.came_for)


def step_view(view: StepView) -> StepView:
    """Open a page to who is asked for a second factor; gives it the `Step`. Others go where they belong.

    Stands below `@public` and `@require_http_methods`. POSTs are limited for each address.
    """

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        step = find_step(request, at=now())
        if step is not None:
            return view(request, step, *args, **kwargs)
        if request.user.is_authenticated:
            return redirect("/")
        messages.info(request, _("Please sign in again."))
        return redirect("accounts:sign_in")

    limited = rate_limited("second-step", limit=FAILURES_PER_ADDRESS, window_seconds=15 * MINUTE)(asked)
    return sensitive_post_parameters()(limited)


def describe_ways(user: User) -> list[dict[str, Any]]:
    """Return what pages show of each way to choose: `factor`, its `kind`, and the `url` that asks for it."""
    return [
        {"factor": way, "kind": find_factor_kind(way.kind), "url": url_of_step(way)}
        for way in list_added_factors(user)
    ]


def url_of_step(factor: AddedFactor) -> str:
    """Return the address of the page that asks for this factor."""
    kind = find_factor_kind(factor.kind)
    return f"{reverse(kind.step_route)}?factor={factor.id}" if kind else ""


def chosen_factor(request: HttpRequest, step: Step, slug: str) -> AddedFactor | None:
    """Return the factor of a kind that `?factor=` names, else the one last used; None where there is none."""
    kind = find_factor_kind(slug)
    added = kind.list_added(step.user) if kind else []
    wanted = request.GET.get("factor", "")
    named = [factor for factor in added if str(factor.id) == wanted]
    recent = [factor for factor in list_added_factors(step.user) if factor.kind == slug]
    return next(iter(named or recent), None)
