"""The entrance (`/`) and an organization's home page."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from billing.invoices.models import Invoice
from billing.invoices.selectors import list_payable
from billing.orders.selectors import list_pending_orders
from billing.storefront.cart import read_cart
from manager.kit.clock import day_in
from manager.kit.requests import public
from manager.kit.scope import person_scope
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from organizations.members.selectors import list_memberships_of
from organizations.profile.models import Organization
from products.catalog.selectors import list_families
from products.inventory.selectors import count_by_family, list_due

SOON = timedelta(days=60)
MOST = 6
CART_OFFERED = "cart_offered"


@public
@require_safe
def entrance(request: HttpRequest) -> HttpResponse:
    """Lead a person to the organization used last, and a visitor to the sign-in.

    Who has filled a cart as a visitor is led to its checkout, once in a session.
    """
    if not request.user.is_authenticated:
        return redirect("accounts:sign_in")
    if CART_OFFERED not in request.session and read_cart(request):
        request.session[CART_OFFERED] = True
        return redirect("billing:storefront_checkout")
    with person_scope(request.user.pk):
        membership = list_memberships_of(user=request.user).first()
    if membership is None:
        return redirect("shell:staff_home" if request.user.is_staff else "organizations:mine")
    return redirect("shell:home", organization_id=membership.organization_id)


@require_safe
@organization_view(Permission.ORGANIZATION_VIEW)
def home(request: OrganizationRequest) -> HttpResponse:
    """Show the families as tiles and what needs attention: what expires, what is to pay, what is pending."""
    organization = request.organization
    today = day_in(organization.time_zone, request.at)
    counts = count_by_family(organization=organization, scope=request.product_scope)
    sees_billing = Permission.BILLING_VIEW in request.can
    due = list_due(organization=organization, until=today + SOON)
    context = {
        "tiles": [{"family": family, "count": counts.get(family.slug, 0)} for family in list_families()],
        "due": list(request.product_scope.filter(due)[:MOST]),
        "invoices": _other_invoices(organization) if sees_billing else [],
        "orders": list(list_pending_orders(organization=organization)[:MOST]) if sees_billing else [],
        "today": today,
        "sees_billing": sees_billing,
    }
    return render(request, "shell/home.html", context)


def _other_invoices(organization: Organization) -> list[Invoice]:
    """Return what waits to be paid besides the pending orders, which stand for their own invoices."""
    return list(list_payable(organization=organization).exclude(origin="order")[:MOST])
