"""What the phone's requests have in common: JSON, no cookies, a limit for each address, the server's time."""

import ipaddress
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.authenticator.messages import NotUnderstood
from accounts.authenticator.models import ApprovalRequest, LinkedPhone
from accounts.sessions.limits import MINUTE, rate_limited
from manager.kit.actor import Actor, ActorKind
from manager.kit.clock import now
from manager.kit.errors import DomainError
from manager.kit.requests import client_address, client_agent, public

LONGEST_BODY = 16 * 1024
REQUESTS_PER_MINUTE = 600

PhoneView = Callable[[HttpRequest, bytes, datetime], dict[str, Any]]


def phone_operation(name: str, *, per_minute: int = REQUESTS_PER_MINUTE) -> Callable[[PhoneView], Any]:
    """Make an operation of the phone from a function that returns what to answer.

    It is open to everybody and reads no cookie, so that no other site can act in a person's name: what
    counts is the phone's signature, or the offer's secret.
    """

    def making(view: PhoneView) -> Callable[..., HttpResponse]:
        @public
        @csrf_exempt
        @require_POST
        @rate_limited(f"authenticator-{name}", limit=per_minute, window_seconds=MINUTE)
        @wraps(view)
        def operation(request: HttpRequest) -> HttpResponse:
            at = now()
            try:
                answer, status = view(request, _read_body(request), at), 200
            except DomainError as refused:
                answer, status = {"code": refused.code}, refused.status
            return JsonResponse({**answer, "time": at.timestamp()}, status=status)

        return operation

    return making


def actor_of_phone(request: HttpRequest, phone: LinkedPhone) -> Actor:
    """Return the person whose phone has signed, from where the phone called."""
    address, agent = client_address(request), client_agent(request)
    return Actor(ActorKind.PERSON, phone.user_id, phone.user.name, address=address, agent=agent)


def describe_request(asked: ApprovalRequest, at: datetime) -> dict[str, Any]:
    """Return what the phone shows of a request; not the number, which only the browser shows."""
    return {
        "id": str(asked.pk),
        "choices": asked.choices,
        "is_sign_in": asked.is_sign_in,
        "browser": asked.browser,
        "system": asked.system,
        "address": asked.address or "",
        "is_local": _is_local(asked.address),
        "age": int((at - asked.created_at).total_seconds()),
        "seconds_left": int((asked.expires_at - at).total_seconds()),
    }


def _is_local(address: str | None) -> bool:
    return bool(address) and ipaddress.ip_address(str(address)).is_private


def _read_body(request: HttpRequest) -> bytes:
    body = request.read(LONGEST_BODY + 1)
    if len(body) > LONGEST_BODY:
        raise NotUnderstood
    return body
