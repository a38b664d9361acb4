"""Held orders on the customer's side: send the check again (PRD-5)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from billing.holds.selectors import get_hold_of
from billing.holds.services import ask_again
from billing.orders.selectors import get_order
from manager.kit.errors import DomainError
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission


@organization_view(Permission.BILLING_MANAGE)
@require_POST
def send_again(request: OrganizationRequest, order_id: int) -> HttpResponse:
    """Send the mail with the identity check again to who ordered."""
    order = get_order(organization=request.organization, order_id=order_id)
    try:
        ask_again(hold=get_hold_of(order=order), actor=request.actor, at=request.at)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The mail is on its way to the person who ordered."))
    return redirect("billing:order", request.organization.pk, order_id)
