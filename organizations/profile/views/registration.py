"""The registration page, with or without an invitation."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.sessions.guards import actor_of
from accounts.sessions.redirects import local_path
from accounts.users.services import WeakPassword
from manager.kit.clock import now
from manager.kit.errors import DomainError
from manager.kit.ratelimit import take
from manager.kit.requests import client_address, public
from organizations.members.models import Invitation
from organizations.members.selectors import get_invitation_by_key
from organizations.members.services.accept import check_acceptable
from organizations.profile.forms import InvitedRegistrationForm, RegistrationForm
from organizations.profile.services import register_customer, register_invited
from organizations.profile.services.register import Person

PERSON_FIELDS = ("email", "first_name", "last_name", "phone", "password")
ATTEMPTS = 30
WINDOW_SECONDS = 3600


class TooManyRegistrations(DomainError):
    """Too many registrations come from one address."""

    code = "too_many_requests"
    status = 429


@public
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Register a new customer (ACC-1). `invitation` and `next` lead on; `next` is a path of this panel."""
    came_for = local_path(request.POST.get("next") or request.GET.get("next"), default="")
    if request.user.is_authenticated:
        return redirect(came_for or "shell:entrance")
    key = request.POST.get("invitation") or request.GET.get("invitation") or ""
    invitation = _open_invitation(key) if key else None
    data = request.POST if request.method == "POST" else None
    form = _form(data, invitation)
    if form.is_valid():
        _slow_down(request)
        if answer := _register(request, form, invitation, key, came_for):
            return answer
    context = {"form": form, "invitation": invitation, "key": key, "next": came_for}
    context["sign_in_query"] = _sign_in_query(key if invitation else "", came_for)
    status = 200 if data is None else 422
    return render(request, "organizations/profile/register.html", context, status=status)


@public
@require_safe
def registered(request: HttpRequest) -> HttpResponse:
    """Ask a new customer to look into the mailbox; the same for a known address (INC-8)."""
    query = _sign_in_query("", local_path(request.GET.get("next"), default=""))
    return render(request, "organizations/profile/registered.html", {"sign_in_query": query})


def _form(data: Any, invitation: Invitation | None) -> RegistrationForm | InvitedRegistrationForm:
    if invitation is None:
        return RegistrationForm(data)
    return InvitedRegistrationForm(data, invited_email=invitation.email)


def _open_invitation(key: str) -> Invitation:
    invitation = get_invitation_by_key(key=key[:200].replace("\x00", ""))
    check_acceptable(invitation, now())
    return invitation


def _slow_down(request: HttpRequest) -> None:
    if not take(f"register:{client_address(request)}", ATTEMPTS, WINDOW_SECONDS).allowed:
        raise TooManyRegistrations(_("Too many registrations from here. Please try again in an hour."))


def _register(
    request: HttpRequest, form: Any, invitation: Invitation | None, key: str, came_for: str
) -> HttpResponse | None:
    """Register and lead to the next step; the same answer whether the address was known (INC-8)."""
    data = form.cleaned_data
    person = Person(**{name: data[name] for name in PERSON_FIELDS}, language=get_language() or "en")
    actor, at = actor_of(request, None), now()
    try:
        if invitation is not None:
            return _lead_invited(request, invitation, key, person=person, actor=actor, at=at)
        register_customer(
            person=person,
            kind=data["kind"],
            company_name=data["company_name"],
            country=data["country"],
            actor=actor,
            at=at,
        )
    except WeakPassword as error:
        form.add_error("password", str(error.message))
        return None
    query = urlencode({"next": came_for}) if came_for else ""
    return redirect(f"{reverse('organizations:registered')}?{query}")


def _lead_invited(request: HttpRequest, invitation: Invitation, key: str, **details: Any) -> HttpResponse:
    registered = register_invited(key=key, **details)
    if registered is None:
        return redirect(f"{reverse('accounts:sign_in')}?{_sign_in_query(key, '')}")
    messages.success(
        request,
        _("Welcome to %(name)s. You can sign in now.") % {"name": invitation.organization.name},
    )
    home = reverse("shell:home", args=[invitation.organization_id])
    return redirect(f"{reverse('accounts:sign_in')}?{_sign_in_query('', home)}")


def _sign_in_query(key: str, came_for: str) -> str:
    wanted = reverse("organizations:accept_invitation", args=[key]) if key else came_for
    return urlencode({"next": wanted}) if wanted else ""
