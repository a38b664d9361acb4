"""The entrance (`/`) and an organization's home page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from billing.payment_methods.ending import list_ending
from billing.storefront.cart import read_cart
from manager.kit.clock import day_in
from manager.kit.requests import public
from manager.kit.scope import person_scope
from manager.shell.home.overview import SOON, read_activity, read_attention, read_families
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from organizations.members.selectors import list_memberships_of
from products.inventory.selectors import list_due

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
    """Show the families as tiles, what needs somebody, what ends soon and what happened last.

    Each member sees only what is theirs; the number of queries does not grow with the organization.
    """
    organization = request.organization
    today = day_in(organization.time_zone, request.at)
    scope = request.product_scope
    tiles = read_families(organization=organization, scope=scope, today=today)
    due = list_due(organization=organization, until=today + SOON)
    sees_billing = Permission.BILLING_VIEW in request.can
    attention = read_attention(organization=organization, scope=scope, can=request.can, today=today)
    context = {
        "tiles": tiles,
        "attention": attention,
        "due": list(scope.filter(due)[:MOST]),
        "activity": read_activity(organization=organization) if Permission.AUDIT_VIEW in request.can else [],
        "today": today,
        "sees_billing": sees_billing,
        "ending": list_ending(organization=organization, today=today) if sees_billing else [],
        "is_new": not attention and not any(tile.count for tile in tiles),
    }
    return render(request, "shell/home.html", context)
