"""Pages of an organization's sheet, and of a person's organizations."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.sessions.guards import PersonRequest, person_view
from manager.kit.errors import DomainError
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from organizations.members.selectors import list_memberships_of
from organizations.profile.forms import NewOrganizationForm, OrganizationForm
from organizations.profile.services import create_organization, edit_organization, switch_organization
from organizations.profile.services.edit import EDITABLE

SEARCH_LENGTH = 100


@require_safe
@person_view
def mine(request: PersonRequest) -> HttpResponse:
    """List the person's organizations, with *switch* and *leave* (ORG-2)."""
    q = request.GET.get("q", "").replace("\x00", "").strip()[:SEARCH_LENGTH]
    memberships = list_memberships_of(user=request.user)
    found = memberships.filter(organization__name__icontains=q) if q else memberships
    return render(request, "organizations/profile/mine.html", {"memberships": found, "q": q})


@require_http_methods(["GET", "HEAD", "POST"])
@person_view
def create(request: PersonRequest) -> HttpResponse:
    """Create a further organization (ORG-3)."""
    form = NewOrganizationForm(request.POST or None, initial={"country": "CH", "kind": "company"})
    if request.method == "POST" and form.is_valid():
        organization = create_organization(
            **form.cleaned_data, owner=request.user, actor=request.actor, at=request.at
        )
        messages.success(request, _("%(name)s is ready.") % {"name": organization.name})
        return redirect("shell:home", organization_id=organization.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "organizations/profile/create.html", {"form": form}, status=status)


@require_POST
@organization_view(Permission.ORGANIZATION_VIEW)
def switch(request: OrganizationRequest) -> HttpResponse:
    """Go to an organization and remember it as the last used (ORG-1)."""
    switch_organization(membership=request.membership, at=request.at)
    return redirect("shell:home", organization_id=request.organization.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.ORGANIZATION_MANAGE)
def settings(request: OrganizationRequest) -> HttpResponse:
    """Show and change the organization's sheet (ORG-4)."""
    organization = request.organization
    sheet = {name: str(getattr(organization, name)) for name in EDITABLE}
    form = OrganizationForm(request.POST if request.method == "POST" else None, initial=sheet)
    if request.method == "POST" and form.is_valid():
        try:
            edit_organization(
                organization=organization, values=form.cleaned_data, actor=request.actor, at=request.at
            )
        except DomainError as error:
            form.add_error(error.field, str(error.message))
        else:
            messages.success(request, _("The organization is saved."))
            return redirect("organizations:settings", organization_id=organization.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "organizations/profile/settings.html", {"form": form}, status=status)
