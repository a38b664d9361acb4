"""The back office's page of one price: what it is from a day on (PRD-1)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.sessions.staff import StaffRequest, staff_view
from manager.kit.requests import posted
from products.catalog.models import Option, Plan
from products.catalog.price_forms import OptionPriceForm, PriceForm
from products.catalog.price_rows import price_rows
from products.catalog.rights import EDIT_CATALOG
from products.catalog.services import change_price
from products.catalog.staff_selectors import find_option, find_plan
from products.catalog.views.pages import accepts, status_of, today_of

ASKED = ("purpose", "currency", "months")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(EDIT_CATALOG)
def plan_price(request: StaffRequest, slug: str) -> HttpResponse:
    """Set a price of a plan."""
    plan = find_plan(slug=slug)
    return _price(request, PriceForm(posted(request), initial=_initial(request)), plan, plan)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(EDIT_CATALOG)
def option_price(request: StaffRequest, slug: str, option: str) -> HttpResponse:
    """Set a price of an option."""
    found = find_option(plan=slug, slug=option)
    return _price(request, OptionPriceForm(posted(request), initial=_initial(request)), found, found.plan)


def _initial(request: StaffRequest) -> dict[str, object]:
    asked = {name: request.GET.get(name, "")[:10] for name in ASKED}
    return {**asked, "valid_from": today_of(request)}


def _price(request: StaffRequest, form: PriceForm, owner: Plan | Option, plan: Plan) -> HttpResponse:
    today = today_of(request)

    def verb() -> None:
        given = form.cleaned_data
        change_price(
            owner=owner,
            key=form.key(),
            amount=given["amount"],
            valid_from=given["valid_from"],
            valid_until=given["valid_until"],
            today=today,
            actor=request.actor,
            at=request.at,
        )

    if request.method == "POST" and accepts(form, verb):
        messages.success(request, _("The price is saved. What was ordered before keeps its own."))
        return redirect("products:staff_catalog_plan", slug=plan.slug)
    context = {"form": form, "plan": plan, "owner": owner, "prices": price_rows(owner.prices.all(), today)}
    return render(request, "products/catalog/price_form.html", context, status=status_of(form))
