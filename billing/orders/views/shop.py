"""The shop: families, plans, domain names, and how a plan is bought."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.orders.forms import DomainNamesForm, PlanForm
from billing.orders.services import add_to_cart
from billing.orders.shelves import Shop, describe_plan, find_names, list_offers, list_shelves
from billing.orders.trials import list_tried
from manager.kit.clock import day_in
from manager.kit.errors import DomainError
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from products.catalog.models import Plan, Purpose
from products.catalog.price_book import read_price_book
from products.catalog.pricing import PriceBook
from products.catalog.selectors import get_family, get_plan, list_families, list_plans


@organization_view(Permission.PRODUCTS_ORDER)
@require_safe
def shop(request: OrganizationRequest) -> HttpResponse:
    """Show the families with what they hold."""
    here = Shop(request.organization.pk)
    return render(request, "billing/orders/shop.html", {"shelves": list_shelves(here), "shop": here})


@organization_view(Permission.PRODUCTS_ORDER)
@require_safe
def family(request: OrganizationRequest, slug: str) -> HttpResponse:
    """Show the plans of a family with their lowest price."""
    chosen = get_family(slug=slug)
    plans = list(list_plans(family=chosen))
    here = Shop(request.organization.pk)
    context = {
        "family": chosen,
        "offers": list_offers(here, plans, _book(request, plans)),
        "families": [(other, here.url("shop_family", other.slug)) for other in list_families()],
    }
    return render(request, "billing/orders/family.html", context)


@organization_view(Permission.PRODUCTS_ORDER)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: OrganizationRequest, slug: str) -> HttpResponse:
    """Choose period, quantity, name and options, and put the plan into the cart."""
    chosen = get_plan(slug=slug)
    book = _book(request, [chosen])
    tried = list_tried(organization=request.organization, person_id=request.actor.user_id)
    form = PlanForm(
        request.POST or None,
        plan=chosen,
        book=book,
        periods=list(book.prices_of(chosen, Purpose.REGISTER)),
        may_try=chosen.kind not in tried,
        initial={"name": request.GET.get("name", "")[:190]},
    )
    if request.method == "POST" and form.is_valid() and _add(request, chosen, form):
        return redirect("billing:cart", request.organization.pk)
    context = describe_plan(
        shop=Shop(request.organization.pk),
        plan=chosen,
        form=form,
        book=book,
        typed=str(form["name"].value() or ""),
        on=_today(request),
    )
    return render(request, "billing/orders/plan.html", context, status=422 if form.errors else 200)


@organization_view(Permission.PRODUCTS_ORDER)
@require_safe
def domains(request: OrganizationRequest) -> HttpResponse:
    """Say which of several domain names can be had, in which extensions and at what price."""
    here = Shop(request.organization.pk)
    form = DomainNamesForm(request.GET or None)
    names = form.cleaned_data["names"] if form.is_valid() else []
    context = {
        "shop": here,
        "form": form,
        "found": find_names(here, names, request.organization.currency, _today(request)),
    }
    return render(request, "billing/orders/domains.html", context, status=422 if form.errors else 200)


def _add(request: OrganizationRequest, chosen: Plan, form: PlanForm) -> bool:
    """Put what was chosen into the cart, or note on the form why not."""
    try:
        add_to_cart(
            organization=request.organization,
            plan=chosen,
            options=form.chosen_options(),
            person_id=request.actor.user_id,
            at=request.at,
            **form.choice(),
        )
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error.message))
        return False
    messages.success(request, _("%(plan)s is in your cart.") % {"plan": chosen.name})
    return True


def _today(request: OrganizationRequest) -> date:
    return day_in(request.organization.time_zone, request.at)


def _book(request: OrganizationRequest, plans: list[Plan]) -> PriceBook:
    return read_price_book(plans=plans, currency=request.organization.currency, on=_today(request))
