"""The organization's logo: its upload, its removal, and the picture itself (ORG-5, INC-29)."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from manager.kit.images import ImageRefused
from manager.kit.pictures import picture_response
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from organizations.profile.forms import LogoForm
from organizations.profile.selectors import find_logo
from organizations.profile.services import remove_logo as remove
from organizations.profile.services import set_logo


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.ORGANIZATION_MANAGE)
def upload_logo(request: OrganizationRequest) -> HttpResponse:
    """Set or replace the logo."""
    is_sent = request.method == "POST"
    form = LogoForm(request.POST, request.FILES) if is_sent else LogoForm()
    if is_sent and form.is_valid():
        try:
            set_logo(
                organization=request.organization,
                data=form.cleaned_data["file"],
                actor=request.actor,
                at=request.at,
            )
        except ImageRefused as error:
            form.add_error("file", str(error.message))
        else:
            messages.success(request, _("The logo is saved."))
            return redirect("organizations:settings", organization_id=request.organization.pk)
    context = {"logo_form": form}
    return render(request, "organizations/profile/logo.html", context, status=422 if is_sent else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.ORGANIZATION_MANAGE)
def remove_logo(request: OrganizationRequest) -> HttpResponse:
    """Ask, then show the name again."""
    if request.method != "POST":
        return render(request, "organizations/profile/remove_logo.html")
    remove(organization=request.organization, actor=request.actor, at=request.at)
    messages.success(request, _("The logo is removed."))
    return redirect("organizations:settings", organization_id=request.organization.pk)


@require_safe
@organization_view(Permission.ORGANIZATION_VIEW)
def logo(request: OrganizationRequest, digest: str) -> HttpResponse:
    """Give the picture to members; its address changes with it."""
    found = find_logo(organization=request.organization, digest=digest[:64].replace("\x00", ""))
    if found is None:
        raise Http404
    return picture_response(bytes(found.data), mime_type=found.mime_type, digest=found.digest)
