"""The computer's side of an identity check, open to everybody: begin, QR code, wait, result."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.identity.forms import StartForm
from accounts.identity.models import IdentityCase
from accounts.identity.selectors import find_case_by_token
from accounts.identity.services import find_result, open_case, use_result
from accounts.identity.status import Reason
from accounts.identity.steps import progress_of
from accounts.sessions.guards import actor_of
from accounts.sessions.limits import HOUR, MINUTE, rate_limited, take_or_refuse
from accounts.users.links import make_password_reset
from manager.kit.clock import now
from manager.kit.qr import draw_qr
from manager.kit.requests import posted, public
from manager.outbox.sms import can_send_sms

CASES_PER_ADDRESS = 20
CASES_PER_CONTACT = 5
POLL_SECONDS = 4


def link_not_valid(request: HttpRequest) -> HttpResponse:
    """Answer for a link that is no case's, the same whatever it says."""
    return render(request, "accounts/identity/link_not_valid.html", status=404)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("identity-start", limit=CASES_PER_ADDRESS, window_seconds=HOUR)
def start(request: HttpRequest) -> HttpResponse:
    """Begin a check for a typed contact; what follows is the same whether it is anybody's (INC-8)."""
    reason = request.GET.get("reason", "")
    form = StartForm(posted(request), initial={"reason": reason if reason in Reason.values else None})
    if request.method == "POST" and form.is_valid() and can_send_sms():
        contact = form.cleaned_data["contact"]
        take_or_refuse(f"identity-start:contact:{contact}", limit=CASES_PER_CONTACT, window_seconds=HOUR)
        _case, token = open_case(
            user=None,
            reason=Reason(form.cleaned_data["reason"]),
            contact=contact,
            actor=actor_of(request, None),
            at=now(),
        )
        return redirect("accounts:identity_wait", token=token)
    status = 422 if form.is_bound else 200
    context = {"form": form, "is_possible": can_send_sms(), "support_email": settings.SUPPORT_EMAIL}
    return render(request, "accounts/identity/start.html", context, status=status)


@public
@require_safe
def wait(request: HttpRequest, token: str) -> HttpResponse:
    """Show the QR code for the phone, and how far it is; goes on by itself."""
    case = find_case_by_token(token=token, at=now())
    if case is None:
        return link_not_valid(request)
    link = settings.PUBLIC_BASE_URL + reverse("accounts:identity_phone_entry", args=[token])
    context = {**_state(case, token), "link": link, "qr_code": draw_qr(link)}
    return render(request, "accounts/identity/wait.html", context)


@public
@require_safe
def state(request: HttpRequest, token: str) -> HttpResponse:
    """Give the part of the waiting page that changes."""
    case = find_case_by_token(token=token, at=now())
    if case is None:
        return link_not_valid(request)
    return render(request, "accounts/identity/state.html", _state(case, token))


def _state(case: IdentityCase, token: str) -> dict[str, Any]:
    progress = progress_of(case, taken=case.images.count(), at=now())
    return {"case": case, "token": token, "progress": progress, "poll_seconds": POLL_SECONDS}


@public
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("identity-result", limit=30, window_seconds=15 * MINUTE)
def result(request: HttpRequest, secret: str) -> HttpResponse:
    """Lead from the message after an approval to the new password; the link works once."""
    at = now()
    case = find_result(secret=secret, at=at)
    if case is None or case.user is None:
        return link_not_valid(request)
    if request.method == "POST":
        user = use_result(secret=secret, actor=actor_of(request, None), at=at)
        return redirect("accounts:password_reset", token=make_password_reset(user, at=at))
    return render(request, "accounts/identity/result.html", {"login": case.user.email})
