"""The customer's button that looks again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from billing.rehearsal.services import rehearse
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission


@organization_view(Permission.BILLING_MANAGE)
@require_POST
def check(request: OrganizationRequest) -> HttpResponse:
    """Run the coming 60 days dry now."""
    found = rehearse(organization=request.organization, at=request.at)
    if found:
        text = ngettext("%(count)d charge would fail.", "%(count)d charges would fail.", found)
        messages.info(request, text % {"count": found})
    else:
        messages.success(request, _("All charges of the coming 60 days can succeed."))
    return redirect("billing:renewals", organization_id=request.organization.pk)
