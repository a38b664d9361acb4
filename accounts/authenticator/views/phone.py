"""What the app on the phone calls. Authenticated by the phone's signature, never by a session."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.authenticator.edge import actor_of_phone, describe_request, phone_operation
from accounts.authenticator.keys import encode_base64url
from accounts.authenticator.messages import NotUnderstood, read_introduction, read_message, read_object
from accounts.authenticator.models import LinkedPhone, PhoneOffer
from accounts.authenticator.selectors import get_open_offer, list_open_requests
from accounts.authenticator.services import (
    approve_request,
    link_phone,
    refuse_request,
    subscribe_phone,
    unlink_phone,
)
from accounts.authenticator.status import ApprovalStatus
from accounts.sessions.agents import name_system
from accounts.sessions.guards import actor_of
from accounts.sessions.limits import HOUR
from manager.kit.ratelimit import take
from manager.kit.requests import client_agent

OFFERS_PER_MINUTE = 20
# Those who push requests at a phone are slowed; each NO costs them more than a request does.
REQUESTS_KEY = "approval:person:{}"
REQUESTS_IN_TEN_MINUTES = 5
COST_OF_NO = 2


@phone_operation("offer", per_minute=OFFERS_PER_MINUTE)
def offer(request: HttpRequest, body: bytes, at: datetime) -> dict[str, Any]:
    """Tell whose account an offer is for, before the phone takes it."""
    found = _find_offer(read_object(body), at)
    return {"account": _account(found.user), "suggested_name": name_system(client_agent(request))}


@phone_operation("link", per_minute=OFFERS_PER_MINUTE)
def link(request: HttpRequest, body: bytes, at: datetime) -> dict[str, Any]:
    """Take an offer with a new key pair; the answer holds the secret of the offline codes, this once."""
    content = read_introduction(body, at=at)
    found = _find_offer(content, at)
    name = content.get("name")
    system = name_system(client_agent(request))
    phone, secret = link_phone(
        offer=found,
        name=_clean_name(name) or system or "Phone",
        public_key=content.get("public_key"),
        actor=actor_of(request, None),
        at=at,
    )
    return {
        "phone": str(phone.reference),
        "name": phone.name,
        "secret": encode_base64url(secret),
        "account": _account(found.user),
    }


@phone_operation("requests")
def requests(request: HttpRequest, body: bytes, at: datetime) -> dict[str, Any]:
    """Return what waits for this phone's answer, and what the app shows of the account."""
    phone = read_message(body, purpose="requests", at=at).phone
    return {
        "account": _account(phone.user),
        "name": phone.name,
        "is_confirmed": phone.confirmed,
        "requests": [describe_request(asked, at) for asked in list_open_requests(phone=phone, at=at)],
    }


@phone_operation("answer")
def answer(request: HttpRequest, body: bytes, at: datetime) -> dict[str, Any]:
    """Take YES with the number that was chosen, or NO."""
    said = read_message(body, purpose="answer", at=at)
    phone, actor = said.phone, actor_of_phone(request, said.phone)
    wanted = said.content.get("request")
    if said.content.get("answer") == "approve":
        number = said.content.get("number")
        asked = approve_request(phone=phone, request_id=wanted, number=number, actor=actor, at=at)
    elif said.content.get("answer") == "refuse":
        asked = refuse_request(phone=phone, request_id=wanted, actor=actor, at=at)
    else:
        raise NotUnderstood
    if asked.status == ApprovalStatus.REFUSED:
        for _ in range(COST_OF_NO):
            take(REQUESTS_KEY.format(phone.user_id), REQUESTS_IN_TEN_MINUTES, HOUR // 6)
    return {"status": asked.status}


@phone_operation("unlink")
def unlink(request: HttpRequest, body: bytes, at: datetime) -> dict[str, Any]:
    """Unlink this phone on its own wish."""
    phone = read_message(body, purpose="unlink", at=at).phone
    unlink_phone(phone=phone, actor=actor_of_phone(request, phone), at=at)
    return {}


@phone_operation("subscribe")
def subscribe(request: HttpRequest, body: bytes, at: datetime) -> dict[str, Any]:
    """Keep where this phone can be woken."""
    said = read_message(body, purpose="subscribe", at=at)
    actor = actor_of_phone(request, said.phone)
    subscribe_phone(phone=said.phone, subscription=said.content.get("subscription"), actor=actor, at=at)
    return {}


def _find_offer(content: dict[str, Any], at: datetime) -> PhoneOffer:
    token, code = content.get("token", ""), content.get("code", "")
    if not isinstance(token, str) or not isinstance(code, str):
        raise NotUnderstood
    return get_open_offer(token=token, code=code, at=at)


def _account(user: Any) -> dict[str, str]:
    return {
        "name": user.name,
        "initials": user.initials,
        "login": user.email,
        "panel": settings.BRAND_NAME,
    }


def _clean_name(name: Any) -> str:
    """Return the name that somebody gave the phone, without what cannot be seen."""
    if not isinstance(name, str):
        return ""
    longest: int = LinkedPhone._meta.get_field("name").max_length  # noqa: SLF001  (Django's documented API)
    return "".join(character for character in name if character.isprintable()).strip()[:longest]
