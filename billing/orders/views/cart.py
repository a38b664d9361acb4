"""The cart."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing.orders.forms import CartLineForm
from billing.orders.page import build_cart
from billing.orders.services import change_cart_line, choose_credit, remove_from_cart
from manager.kit.clock import day_in
from manager.kit.errors import DomainError, NotFound
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission


@organization_view(Permission.PRODUCTS_ORDER)
@require_safe
def cart(request: OrganizationRequest) -> HttpResponse:
    """Show what is in the cart, what it costs, and the way on."""
    return _page(request)


@organization_view(Permission.PRODUCTS_ORDER)
@require_POST
def change(request: OrganizationRequest, line_id: int) -> HttpResponse:
    """Give a line another period or quantity, or use a free credit for it."""
    form = CartLineForm(request.POST)
    if not form.is_valid():
        notice = _("Please choose one of the periods and a quantity between 1 and 100.")
        return _page(request, notice=notice, status=422)
    try:
        if "free_credit" in request.POST:
            choose_credit(
                organization=request.organization,
                line_id=line_id,
                credit_id=form.cleaned_data["free_credit"],
                on=day_in(request.organization.time_zone, request.at),
            )
        change_cart_line(
            organization=request.organization,
            line_id=line_id,
            months=form.cleaned_data["months"],
            quantity=form.cleaned_data["quantity"] or 1,
            at=request.at,
        )
    except NotFound:
        raise
    except DomainError as error:
        return _page(request, notice=str(error.message), status=error.status)
    messages.success(request, _("The cart was updated."))
    return redirect("billing:cart", request.organization.pk)


@organization_view(Permission.PRODUCTS_ORDER)
@require_POST
def remove(request: OrganizationRequest, line_id: int) -> HttpResponse:
    """Take a line out of the cart."""
    remove_from_cart(organization=request.organization, line_id=line_id)
    return redirect("billing:cart", request.organization.pk)


def _page(request: OrganizationRequest, *, notice: str = "", status: int = 200) -> HttpResponse:
    context = {"cart": build_cart(request=request, address=""), "notice": notice}
    return render(request, "billing/orders/cart.html", context, status=status)
