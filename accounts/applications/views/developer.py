"""Pages of a developer's own applications."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.applications.forms import KIND_HINTS, ApplicationForm, NewApplicationForm
from accounts.applications.models import ApplicationKind, OAuthApplication
from accounts.applications.selectors import count_people, get_application, list_applications
from accounts.applications.services import (
    change_application,
    delete_application,
    register_application,
    rotate_secret,
)
from accounts.sessions.guards import PersonRequest, person_view
from accounts.sessions.sudo import factor_sudo_view
from accounts.tokens.scopes import Scope
from accounts.tokens.selectors import list_organizations_to_bind
from accounts.tokens.use import show_use
from manager.kit.forms import form_page, refusals_beside_fields
from manager.kit.requests import posted

KINDS = [{"value": kind.value, "label": kind.label, "hint": KIND_HINTS[kind]} for kind in ApplicationKind]


@require_safe
@person_view
def applications(request: PersonRequest) -> HttpResponse:
    """List the applications that the person has registered."""
    found = list_applications(user=request.user)
    return render(request, "accounts/applications/applications.html", {"applications": found})


@require_safe
@person_view
def application(request: PersonRequest, application_id: int) -> HttpResponse:
    """Show one of one's applications with what its program needs to know."""
    found = get_application(user=request.user, application_id=application_id)
    names = list_organizations_to_bind(user=request.user)
    context = {
        "application": found,
        "scopes": [Scope(scope).label for scope in found.scopes],
        "organization": names.get(found.bound_organization_id or 0, ""),
        "people": 0 if found.is_service else count_people(application=found),
        "base_url": settings.PUBLIC_BASE_URL,
    }
    if found.is_service:
        context |= show_use(program=found, at=request.at)
    return render(request, "accounts/applications/application.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@person_view
@factor_sudo_view
def application_create(request: PersonRequest) -> HttpResponse:
    """Register an application; its secret is shown in the answer and never again."""
    form = NewApplicationForm(posted(request), organizations=list_organizations_to_bind(user=request.user))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with refusals_beside_fields(form):
            made, secret = register_application(
                user=request.user,
                name=given["name"],
                kind=ApplicationKind(given["kind"]),
                redirect_addresses=given["redirect_addresses"],
                scopes=given["scopes"],
                organization_id=given["organization"],
                actor=request.actor,
                at=request.at,
            )
            return _show_secret(request, made, secret)
    return form_page(request, "accounts/applications/application_create.html", form, kinds=KINDS)


@require_http_methods(["GET", "HEAD", "POST"])
@person_view
@factor_sudo_view
def application_change(request: PersonRequest, application_id: int) -> HttpResponse:
    """Change name, redirect addresses and scopes."""
    found = get_application(user=request.user, application_id=application_id)
    shown = {"name": found.name, "redirect_addresses": "\n".join(found.addresses), "scopes": found.scopes}
    form = ApplicationForm(posted(request), initial=shown)
    if request.method == "POST" and form.is_valid():
        with refusals_beside_fields(form):
            change_application(application=found, actor=request.actor, at=request.at, **form.cleaned_data)
            messages.success(request, _("The application is changed."))
            return redirect("accounts:application", found.pk)
    return form_page(request, "accounts/applications/application_change.html", form, application=found)


@require_http_methods(["GET", "HEAD", "POST"])
@person_view
@factor_sudo_view
def application_secret(request: PersonRequest, application_id: int) -> HttpResponse:
    """Ask, then give the application a new secret."""
    found = get_application(user=request.user, application_id=application_id)
    if request.method == "POST":
        secret = rotate_secret(application=found, actor=request.actor, at=request.at)
        return _show_secret(request, found, secret)
    return render(request, "accounts/applications/application_secret.html", {"application": found})


@require_http_methods(["GET", "HEAD", "POST"])
@person_view
@factor_sudo_view
def application_delete(request: PersonRequest, application_id: int) -> HttpResponse:
    """Ask, then delete the application with everything that people allowed it."""
    found = get_application(user=request.user, application_id=application_id)
    if request.method == "POST":
        delete_application(application=found, actor=request.actor, at=request.at)
        messages.success(request, _("The application %(name)s is deleted.") % {"name": found.name})
        return redirect("accounts:applications")
    context = {"application": found, "people": count_people(application=found)}
    return render(request, "accounts/applications/application_delete.html", context)


def _show_secret(request: PersonRequest, made: OAuthApplication, secret: str) -> HttpResponse:
    context = {"application": made, "secret": secret, "base_url": settings.PUBLIC_BASE_URL}
    return render(request, "accounts/applications/application_created.html", context)
