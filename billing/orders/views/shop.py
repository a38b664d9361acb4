"""The shop: families, plans, and how a plan is bought."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.orders.forms import PlanForm
from billing.orders.services import add_to_cart
from manager.kit.clock import day_in
from manager.kit.errors import DomainError
from manager.kit.translated import in_language
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from products.catalog.labels import describe_period
from products.catalog.models import Plan, Price, Purpose
from products.catalog.price_book import read_price_book
from products.catalog.pricing import PriceBook
from products.catalog.selectors import get_family, get_plan, list_families, list_plans
from products.inventory.option_labels import describe_option


@organization_view(Permission.PRODUCTS_ORDER)
@require_safe
def shop(request: OrganizationRequest) -> HttpResponse:
    """Show the families with what they hold."""
    plans = list(list_plans())
    shelves = [
        {"family": family, "plans": [plan for plan in plans if plan.family_id == family.pk]}
        for family in list_families()
    ]
    return render(
        request, "billing/orders/shop.html", {"shelves": [shelf for shelf in shelves if shelf["plans"]]}
    )


@organization_view(Permission.PRODUCTS_ORDER)
@require_safe
def family(request: OrganizationRequest, slug: str) -> HttpResponse:
    """Show the plans of a family with their lowest price."""
    chosen = get_family(slug=slug)
    plans = list(list_plans(family=chosen))
    book = _book(request, plans)
    prices = {plan.pk: book.prices_of(plan, Purpose.REGISTER) for plan in plans}
    offers = [_offer(plan, prices[plan.pk]) for plan in plans if prices[plan.pk]]
    context = {"family": chosen, "offers": offers, "families": list(list_families())}
    return render(request, "billing/orders/family.html", context)


@organization_view(Permission.PRODUCTS_ORDER)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: OrganizationRequest, slug: str) -> HttpResponse:
    """Choose period, quantity, name and options, and put the plan into the cart."""
    chosen = get_plan(slug=slug)
    book = _book(request, [chosen])
    prices = book.prices_of(chosen, Purpose.REGISTER)
    form = PlanForm(request.POST or None, plan=chosen, book=book, periods=list(prices))
    if request.method == "POST" and form.is_valid():
        try:
            add_to_cart(
                organization=request.organization,
                plan=chosen,
                months=form.cleaned_data["months"],
                quantity=form.cleaned_data.get("quantity", 1),
                name=form.cleaned_data["name"],
                options=form.chosen_options(),
                at=request.at,
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.message))
        else:
            messages.success(request, _("%(plan)s is in your cart.") % {"plan": chosen.name})
            return redirect("billing:cart", request.organization.pk)
    context = {
        "plan": chosen,
        "form": form,
        "periods": _periods(form, book.prices_of(chosen), prices),
        "options": [(field, describe_option(row)) for field, row in form.option_fields],
        "features": _features(chosen),
    }
    return render(request, "billing/orders/plan.html", context, status=422 if form.errors else 200)


def _book(request: OrganizationRequest, plans: list[Plan]) -> PriceBook:
    organization = request.organization
    today = day_in(organization.time_zone, request.at)
    return read_price_book(plans=plans, currency=organization.currency, on=today)


def _features(plan: Plan) -> list[str]:
    return [in_language(feature) for feature in plan.features]


def _offer(plan: Plan, prices: Mapping[int, Price]) -> dict[str, object]:
    months, price = next(iter(prices.items()))
    return {
        "plan": plan,
        "price": price.money,
        "period": describe_period(months),
        "features": _features(plan),
    }


def _periods(
    form: PlanForm, renewals: Mapping[int, Price], prices: Mapping[int, Price]
) -> list[dict[str, object]]:
    """Return the periods with their price, what a month of each costs, and a price that holds only first."""
    chosen = str(form["months"].value())
    return [
        {
            "months": months,
            "label": describe_period(months),
            "price": price.money,
            "monthly": price.money.share(1, months) if months > 1 else None,
            "later": renewals[months].money if _changes_later(months, renewals, price) else None,
            "checked": str(months) == chosen,
        }
        for months, price in prices.items()
    ]


def _changes_later(months: int, renewals: Mapping[int, Price], first: Price) -> bool:
    return months in renewals and renewals[months].amount != first.amount
