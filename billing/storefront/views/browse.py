"""A visitor looks at families, plans and domain names, and puts a plan into the cart (PRD-1, PRD-3)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.sessions.limits import MINUTE, rate_limited
from accounts.sessions.redirects import local_path
from billing.orders.forms import DomainNamesForm, PlanForm
from billing.orders.services.choose import choose_plan
from billing.orders.shelves import describe_plan, find_names, list_offers, list_shelves
from billing.storefront.cart import add_line, line_of, read_cart, write_cart
from billing.storefront.currency import currency_for, remember_currency
from billing.storefront.forms import CurrencyForm
from billing.storefront.page import SHOP, frame, today_of
from manager.kit.clock import now
from manager.kit.errors import DomainError
from manager.kit.requests import public
from products.catalog.models import Plan, Purpose
from products.catalog.price_book import read_price_book
from products.catalog.selectors import get_family, get_plan, list_families, list_plans

limited = rate_limited("storefront", limit=300, window_seconds=15 * MINUTE)


@public
@require_safe
def storefront(request: HttpRequest) -> HttpResponse:
    """Show the families with what they hold."""
    return render(request, "billing/storefront/shop.html", {"shelves": list_shelves(SHOP), **frame(request)})


@public
@require_safe
def family(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the plans of a family with their lowest price."""
    chosen = get_family(slug=slug)
    plans = list(list_plans(family=chosen))
    book = read_price_book(plans=plans, currency=currency_for(request), on=today_of(now()))
    context = {
        "family": chosen,
        "offers": list_offers(SHOP, plans, book),
        "families": [(other, SHOP.url("shop_family", other.slug)) for other in list_families()],
    }
    return render(request, "billing/storefront/family.html", {**context, **frame(request)})


@public
@require_http_methods(["GET", "HEAD", "POST"])
@limited
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose period, quantity, name and options, and put the plan into the visitor's cart."""
    chosen = get_plan(slug=slug)
    today = today_of(now())
    book = read_price_book(plans=[chosen], currency=currency_for(request), on=today)
    form = PlanForm(
        request.POST or None,
        plan=chosen,
        book=book,
        periods=list(book.prices_of(chosen, Purpose.REGISTER)),
        initial={"name": request.GET.get("name", "")[:190]},
    )
    if request.method == "POST" and form.is_valid() and (added := _add(request, chosen, form)):
        return added
    typed = str(form["name"].value() or "")
    context = describe_plan(shop=SHOP, plan=chosen, form=form, book=book, typed=typed, on=today)
    status = 422 if form.errors else 200
    return render(request, "billing/storefront/plan.html", {**context, **frame(request)}, status=status)


@public
@require_safe
def domains(request: HttpRequest) -> HttpResponse:
    """Say which of several domain names can be had, in which extensions and at what price."""
    form = DomainNamesForm(request.GET or None)
    names = form.cleaned_data["names"] if form.is_valid() else []
    found = find_names(SHOP, names, currency_for(request), today_of(now()))
    context = {"form": form, "found": found, **frame(request)}
    return render(request, "billing/storefront/domains.html", context, status=422 if form.errors else 200)


@public
@require_POST
@limited
def currency(request: HttpRequest) -> HttpResponse:
    """Show prices in another currency; anything else is ignored."""
    response = HttpResponseRedirect(local_path(request.POST.get("next"), default=SHOP.start_url))
    form = CurrencyForm(request.POST)
    if form.is_valid():
        remember_currency(response, form.cleaned_data["currency"])
    return response


def _add(request: HttpRequest, chosen: Plan, form: PlanForm) -> HttpResponse | None:
    """Put what was chosen into the cart, or note on the form why not."""
    response = redirect("billing:storefront_cart")
    try:
        choice = choose_plan(
            plan=chosen,
            options=form.chosen_options(),
            currency=currency_for(request),
            on=today_of(now()),
            **form.choice(),
        )
        write_cart(response, add_line(read_cart(request), line_of(choice)))
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error.message))
        return None
    messages.success(request, _("%(plan)s is in your cart.") % {"plan": chosen.name})
    return response
