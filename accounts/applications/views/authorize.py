"""The page on which a person is asked whether an application may act for him or her."""

from uuid import uuid4

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from oauthlib.common import Request, add_params_to_uri
from oauthlib.oauth2.rfc6749.errors import (
    AccessDeniedError,
    FatalClientError,
    InvalidClientIdError,
    InvalidRedirectURIError,
    MismatchingRedirectURIError,
    MissingClientIdError,
    MissingRedirectURIError,
    OAuth2Error,
)

from accounts.applications.addresses import origin_of
from accounts.applications.forms import ConsentForm
from accounts.applications.models import OAuthApplication
from accounts.applications.protocol import authorization_server
from accounts.applications.selectors import list_scopes_allowed
from accounts.applications.services import authorize_application
from accounts.sessions.guards import PersonRequest, person_view
from accounts.sessions.sudo import factor_sudo_view
from accounts.tokens.scopes import Scope
from accounts.tokens.selectors import list_organizations_to_bind
from manager.kit.requests import posted


@require_http_methods(["GET", "HEAD", "POST"])
@person_view
@factor_sudo_view
def authorize(request: PersonRequest) -> HttpResponse:
    """Ask, and send the person back with a code or a refusal (ACC-16, INC-14, INC-21).

    What is asked stands in the address alone and is checked again when the answer comes. Every request
    is shown: none is granted without the person, also not a repeated one.
    """
    try:
        scopes, asked = authorization_server().validate(request)
    except FatalClientError as refused:
        return _show_refusal(request, refused)
    except OAuth2Error as refused:
        return _send_back(refused.in_uri(refused.redirect_uri))
    except ValueError:  # what oauthlib says of a broken encoding
        return _show_refusal(request, None)
    application: OAuthApplication = asked["request"].client
    form = ConsentForm(posted(request), organizations=list_organizations_to_bind(user=request.user))
    if request.method == "POST":
        if request.POST.get("decision") != "allow":
            return _send_back(AccessDeniedError(state=asked["state"]).in_uri(asked["redirect_uri"]))
        if form.is_valid():
            return _allow(request, scopes, asked["request"], form.cleaned_data["organization"])
    allowed = list_scopes_allowed(user=request.user, application=application)
    context = {
        "form": form,
        "application": application,
        "origin": origin_of(asked["redirect_uri"]),
        "scopes": [{"label": Scope(scope).label, "known": scope in allowed} for scope in scopes],
    }
    answer = render(
        request, "accounts/applications/authorize.html", context, status=422 if form.is_bound else 200
    )
    # Chrome applies `form-action` to where the answer to the form leads.
    answer._csp_update = {"form-action": [context["origin"]]}  # type: ignore[attr-defined]  # noqa: SLF001  (django-csp reads it)
    return answer


def _allow(
    request: PersonRequest, scopes: list[str], asked: Request, organization_id: int | None
) -> HttpResponse:
    consent = authorize_application(
        user=request.user,
        application=asked.client,
        scopes=scopes,
        organization_id=organization_id,
        actor=request.actor,
        at=request.at,
    )
    address = authorization_server().authorize(
        request, scopes, user=request.user, consent=consent, family=uuid4()
    )
    return _send_back(address)


def _send_back(address: str) -> HttpResponse:
    """Send the person to an address that was checked, with the issuer's name (RFC 9207)."""
    answer = HttpResponse(status=302)
    answer["Location"] = add_params_to_uri(address, [("iss", settings.PUBLIC_BASE_URL)])
    return answer


def _show_refusal(request: PersonRequest, refused: OAuth2Error | None) -> HttpResponse:
    """Tell the person, who is sent nowhere: neither the application nor its address is known to be right."""
    if isinstance(refused, (InvalidClientIdError, MissingClientIdError)):
        reason = _("This application is not known here.")
    elif isinstance(refused, (MismatchingRedirectURIError, MissingRedirectURIError, InvalidRedirectURIError)):
        reason = _("The address to which you would be sent back is not registered for this application.")
    else:
        reason = _("The application sent a request that is not complete.")
    return render(request, "accounts/applications/refused.html", {"reason": reason}, status=400)
