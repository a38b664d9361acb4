"""The signed link of a mail: approve one payment, signed in or not; only its number and sum are shown."""

from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.sessions.limits import MINUTE, rate_limited
from billing.payments.models import PaymentAttempt
from billing.payments.outcome import build_outcome
from billing.payments.selectors import get_attempt
from billing.payments.services import confirm_payment, find_by_link, refresh_attempt
from manager.kit.actor import Actor, ActorKind
from manager.kit.clock import now
from manager.kit.errors import DomainError, NotFound
from manager.kit.requests import client_address, client_agent, public
from manager.kit.scope import tenant_scope
from manager.kit.tokens import split_key

APPROVALS_PER_ADDRESS = 60


@public
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("payment-link", limit=APPROVALS_PER_ADDRESS, window_seconds=15 * MINUTE)
def payment_link(request: HttpRequest, key: str) -> HttpResponse:
    """Show one payment that waits for an approval; a POST goes on to the bank with the same charge."""
    organization_id, secret = _parts(key)
    at = now()
    with tenant_scope(organization_id, 0):
        try:
            attempt = find_by_link(organization_id=organization_id, secret=secret, at=at)
        except NotFound as error:
            raise Http404 from error
        return (
            _confirm(request, attempt, key, at) if request.method == "POST" else _show(request, attempt, at)
        )


def _parts(key: str) -> tuple[int, str]:
    parts = split_key(key)
    if parts is None:
        raise Http404
    return parts


def _actor(request: HttpRequest) -> Actor:
    if request.user.is_authenticated:
        return Actor(
            ActorKind.PERSON,
            request.user.pk,
            request.user.name,
            address=client_address(request),
            agent=client_agent(request),
        )
    return Actor(ActorKind.VISITOR, address=client_address(request), agent=client_agent(request))


def _confirm(request: HttpRequest, attempt: PaymentAttempt, key: str, at: datetime) -> HttpResponse:
    back = settings.PUBLIC_BASE_URL + reverse("billing:payment_link", args=[key])
    problem = ""
    try:
        confirm_payment(attempt=attempt, return_url=f"{back}?returned=1", actor=_actor(request), at=at)
    except DomainError as error:
        problem = str(error)
    if problem:
        return _page(request, attempt, problem=problem, status=409)
    return redirect(back)


def _show(request: HttpRequest, attempt: PaymentAttempt, at: datetime) -> HttpResponse:
    problem = ""
    if "returned" in request.GET and attempt.is_open:
        try:
            refresh_attempt(attempt=attempt, actor=_actor(request), at=at)
        except DomainError as error:
            problem = str(error)
    return _page(request, attempt, problem=problem)


def _page(request: HttpRequest, attempt: PaymentAttempt, *, problem: str, status: int = 200) -> HttpResponse:
    present = get_attempt(organization=attempt.organization, attempt_id=attempt.pk)
    outcome = build_outcome(attempt=present, can_manage=False)
    return render(
        request, "billing/payments/link.html", {"outcome": outcome, "problem": problem}, status=status
    )
