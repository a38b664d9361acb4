"""Pages of what a person allows applications."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.applications.selectors import get_consent, list_consents
from accounts.applications.services import revoke_consent
from accounts.sessions.guards import PersonRequest, person_view
from accounts.tokens.forms import TokenFilter
from accounts.tokens.scopes import Scope
from accounts.tokens.selectors import list_organizations_to_bind
from accounts.tokens.use import show_use


@require_safe
@person_view
def consents(request: PersonRequest) -> HttpResponse:
    """List the applications that may act for the person (ACC-16)."""
    search = TokenFilter(request.GET).checked()["q"]
    names = list_organizations_to_bind(user=request.user)
    rows = [
        {
            "consent": consent,
            "organization": names.get(consent.bound_organization_id or 0, ""),
            "scopes": [Scope(scope).label for scope in consent.scopes],
        }
        for consent in list_consents(user=request.user, search=search)
    ]
    return render(request, "accounts/applications/consents.html", {"rows": rows, "q": search})


@require_safe
@person_view
def consent(request: PersonRequest, consent_id: int) -> HttpResponse:
    """Show what one application may do, where, and how much it is used (API-3)."""
    found = get_consent(user=request.user, consent_id=consent_id)
    names = list_organizations_to_bind(user=request.user)
    context = {
        "consent": found,
        "organization": names.get(found.bound_organization_id or 0, ""),
        "scopes": [Scope(scope).label for scope in found.scopes],
        **show_use(program=found, at=request.at),
    }
    return render(request, "accounts/applications/consent.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@person_view
def consent_revoke(request: PersonRequest, consent_id: int) -> HttpResponse:
    """Ask, then take back what an application was allowed."""
    consent = get_consent(user=request.user, consent_id=consent_id)
    if request.method == "POST":
        revoke_consent(consent=consent, actor=request.actor, at=request.at)
        messages.success(
            request, _("%(name)s can no longer act for you.") % {"name": consent.application.name}
        )
        return redirect("accounts:consents")
    return render(request, "accounts/applications/consent_revoke.html", {"consent": consent})
