"""A visitor's cart (PRD-3)."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing.orders.forms import CartLineForm
from billing.orders.services.choose import require_sold
from billing.storefront.cart import find_line, read_cart, write_cart
from billing.storefront.currency import currency_for
from billing.storefront.page import frame, price_visitor_cart, today_of
from billing.storefront.views.browse import limited
from manager.kit.clock import now
from manager.kit.errors import DomainError
from manager.kit.requests import public
from products.catalog.selectors import get_plan


@public
@require_safe
def cart(request: HttpRequest) -> HttpResponse:
    """Show what is in the visitor's cart, what it costs without VAT, and the way on."""
    return _page(request)


@public
@require_POST
@limited
def change(request: HttpRequest, key: str) -> HttpResponse:
    """Give a line another period or quantity."""
    lines = read_cart(request)
    line = find_line(lines, key)
    form = CartLineForm(request.POST)
    if not form.is_valid():
        notice = _("Please choose one of the periods and a quantity between 1 and 100.")
        return _page(request, notice=notice, status=422)
    try:
        plan = get_plan(slug=line.plan)
        require_sold(
            plan=plan,
            months=form.cleaned_data["months"],
            options=line.options,
            currency=currency_for(request),
            on=today_of(now()),
        )
    except DomainError as error:
        return _page(request, notice=str(error.message), status=error.status)
    only_one = plan.needs_domain_name or line.is_trial
    quantity = 1 if only_one else form.cleaned_data["quantity"] or 1
    changed = replace(line, months=form.cleaned_data["months"], quantity=quantity)
    messages.success(request, _("The cart was updated."))
    response = redirect("billing:storefront_cart")
    write_cart(response, [changed if row.key == key else row for row in lines])
    return response


@public
@require_POST
@limited
def remove(request: HttpRequest, key: str) -> HttpResponse:
    """Take a line out of the cart; one that is gone already is fine."""
    response = redirect("billing:storefront_cart")
    write_cart(response, [row for row in read_cart(request) if row.key != key])
    return response


def _page(request: HttpRequest, *, notice: str = "", status: int = 200) -> HttpResponse:
    shown = price_visitor_cart(lines=read_cart(request), currency=currency_for(request), on=today_of(now()))
    context = {"cart": shown, "notice": notice, **frame(request)}
    return render(request, "billing/storefront/cart.html", context, status=status)
