"""From a visitor's cart to an organization's: sign in or register, choose the organization (PRD-3, ACC-1)."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing.storefront.cart import read_cart, write_cart
from billing.storefront.currency import currency_for
from billing.storefront.page import frame, price_visitor_cart, today_of
from billing.storefront.services import take_over_cart
from manager.kit.clock import now
from manager.kit.requests import public
from manager.kit.scope import person_scope
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission, permissions_of
from organizations.members.models import Membership
from organizations.members.selectors import list_memberships_of

MOST_SHOWN = 50


@public
@require_safe
def checkout(request: HttpRequest) -> HttpResponse:
    """Let a visitor register or sign in, and a person choose the organization that orders."""
    lines = read_cart(request)
    if not lines:
        return redirect("billing:storefront_cart")
    shown = price_visitor_cart(lines=lines, currency=currency_for(request), on=today_of(now()))
    context = {"cart": shown, **frame(request)}
    if not request.user.is_authenticated:
        context["query"] = urlencode({"next": reverse("billing:storefront_checkout")})
        return render(request, "billing/storefront/enter.html", context)
    with person_scope(request.user.pk):
        memberships = list(list_memberships_of(user=request.user)[:MOST_SHOWN])
    context["memberships"] = [row for row in memberships if _may_order(row)]
    return render(request, "billing/storefront/choose.html", context)


@organization_view(Permission.PRODUCTS_ORDER)
@require_POST
def take_over(request: OrganizationRequest) -> HttpResponse:
    """Put the visitor's cart of this browser into the organization's, and go on to the checkout."""
    refused = take_over_cart(
        organization=request.organization,
        lines=read_cart(request),
        person_id=request.actor.user_id,
        at=request.at,
    )
    for line, reason in refused:
        told = {"what": f"{line.plan.name} {line.name}".strip(), "reason": reason}
        messages.warning(request, _("%(what)s is not in your cart: %(reason)s") % told)
    response = redirect("billing:cart" if refused else "billing:checkout", request.organization.pk)
    write_cart(response, [])
    return response


def _may_order(membership: Membership) -> bool:
    can = permissions_of(membership.role, has_billing=membership.has_billing)
    return Permission.PRODUCTS_ORDER in can
