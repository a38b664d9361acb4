"""Ask the register about the VAT number again (ORG-4)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from organizations.profile.services import request_vat_check


@require_POST
@organization_view(Permission.ORGANIZATION_MANAGE)
def check_vat(request: OrganizationRequest) -> HttpResponse:
    """Have the number asked now; the answer shows on the sheet."""
    request_vat_check(organization=request.organization, actor=request.actor, at=request.at)
    messages.success(request, _("The register is being asked. The answer will stand here in a moment."))
    return redirect("organizations:settings", organization_id=request.organization.pk)
