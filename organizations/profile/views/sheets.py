"""Pages of an organization's sheet, and of a person's organizations."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.sessions.guards import PersonRequest, person_view
from manager.kit.errors import DomainError
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from organizations.profile.currency import why_currency_is_fixed
from organizations.profile.forms import LogoForm, NewOrganizationForm, OrganizationForm
from organizations.profile.models import Organization
from organizations.profile.selectors import latest_vat_check
from organizations.profile.services import create_organization, edit_organization
from organizations.profile.services.edit import EDITABLE


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
    context = {"form": form, **sheet_context(organization)}
    return render(request, "organizations/profile/settings.html", context, status=status)


def sheet_context(organization: Organization) -> dict[str, Any]:
    """Return what the page of the sheet shows beside its form: VAT check, currency, logo."""
    return {
        "vat_check": latest_vat_check(organization=organization),
        "currency_reason": why_currency_is_fixed(organization.pk),
        "logo_form": LogoForm(),
    }
