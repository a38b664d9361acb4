"""Linking a phone, on the panel's side: the QR code, the wait for the phone, the confirmation."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.authenticator.models import PhoneOffer
from accounts.authenticator.offers import code_of, in_groups, token_of
from accounts.authenticator.refusals import PhoneNotWaiting
from accounts.authenticator.selectors import find_offer_of_session
from accounts.authenticator.services import confirm_phone, offer_phone_link
from accounts.mfa.pages import answer_added
from accounts.sessions.entrance import current_session_id
from accounts.sessions.guards import PersonRequest, person_view
from accounts.sessions.sudo import sudo_view
from manager.kit.qr import draw_qr

WAITING, LINKED, EXPIRED = "waiting", "linked", "expired"


@person_view
@sudo_view
@require_http_methods(["GET", "HEAD", "POST"])
def phone_link(request: PersonRequest) -> HttpResponse:
    """Show the QR code and the short code of this session's offer; POST makes a new one.

    A code that was made within the last minutes is shown again, so that a reload changes nothing. Once a
    phone has taken it, the page asks to confirm that phone.
    """
    offer = find_offer_of_session(user=request.user, session_id=current_session_id(request))
    state = _state_of(offer, request)
    if request.method == "POST":
        _make_offer(request)
        return redirect("accounts:phone_link")
    if offer is not None and state == LINKED:
        return render(request, "accounts/authenticator/phone_linked.html", {"phone": offer.phone})
    if offer is None or offer.used_at is not None:
        offer, state = _make_offer(request), WAITING
    address = settings.PUBLIC_BASE_URL + reverse("accounts:phone_app_link", args=[token_of(offer.reference)])
    context = {
        "qr_code": draw_qr(address),
        "code": in_groups(code_of(offer.reference)),
        "app_address": settings.PUBLIC_BASE_URL + reverse("accounts:phone_app"),
        "offer": offer,
        "is_expired": state == EXPIRED,
    }
    return render(request, "accounts/authenticator/phone_link.html", context)


@person_view
@require_safe
def phone_link_state(request: PersonRequest) -> HttpResponse:
    """Tell the waiting page whether a phone has taken this session's offer."""
    offer = find_offer_of_session(user=request.user, session_id=current_session_id(request))
    return JsonResponse({"state": _state_of(offer, request)})


@person_view
@sudo_view
@require_POST
def phone_confirm(request: PersonRequest) -> HttpResponse:
    """Let the phone count from now on; the first factor comes with backup codes (ACC-9)."""
    try:
        phone, codes = confirm_phone(
            user=request.user, session_id=current_session_id(request), actor=request.actor, at=request.at
        )
    except PhoneNotWaiting:
        return redirect("accounts:phone_link")
    return answer_added(request, device=phone, codes=codes)


@person_view
@sudo_view
@require_http_methods(["GET", "HEAD", "POST"])
def phone_link_here(request: PersonRequest) -> HttpResponse:
    """Link the phone on which the person is signed in: the offer goes straight to the app."""
    if request.method != "POST":
        return render(request, "accounts/authenticator/phone_link_here.html")
    offer = _make_offer(request)
    target = reverse("accounts:phone_app_link", args=[token_of(offer.reference)])
    return HttpResponseRedirect(f"{target}?here")


def _make_offer(request: PersonRequest) -> PhoneOffer:
    session_id = current_session_id(request)
    return offer_phone_link(user=request.user, session_id=session_id, actor=request.actor, at=request.at)


def _state_of(offer: PhoneOffer | None, request: PersonRequest) -> str:
    if offer is None:
        return EXPIRED
    if offer.phone is not None and not offer.phone.confirmed:
        return LINKED
    if offer.used_at is not None or offer.expires_at <= request.at:
        return EXPIRED
    return WAITING
