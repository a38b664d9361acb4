"""The back office's page of one price: what it is from a day on (PRD-1)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.sessions.staff import StaffRequest, staff_view
from manager.kit.ids import parse_id
from manager.kit.requests import posted
from products.catalog.entries import PriceKey
from products.catalog.models import Option, Plan, Purpose
from products.catalog.price_forms import OptionPriceForm, PriceForm, as_typed
from products.catalog.price_rows import price_rows
from products.catalog.rights import EDIT_CATALOG
from products.catalog.services import change_price
from products.catalog.snapshot import read_prices_of
from products.catalog.staff_selectors import find_option, find_plan
from products.catalog.timeline import find_amount
from products.catalog.views.pages import accepts, status_of, today_of

ASKED = ("purpose", "currency", "months")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(EDIT_CATALOG)
def plan_price(request: StaffRequest, slug: str) -> HttpResponse:
    """Set a price of a plan."""
    plan = find_plan(slug=slug)
    return _price(request, PriceForm(posted(request), initial=_initial(request, plan)), plan, plan)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(EDIT_CATALOG)
def option_price(request: StaffRequest, slug: str, option: str) -> HttpResponse:
    """Set a price of an option."""
    found = find_option(plan=slug, slug=option)
    form = OptionPriceForm(posted(request), initial=_initial(request, found))
    return _price(request, form, found, found.plan)


def _initial(request: StaffRequest, owner: Plan | Option) -> dict[str, object]:
    """Return what the address asks for, with the amount of today."""
    asked = {name: request.GET.get(name, "")[:10] for name in ASKED}
    purpose, today = asked["purpose"] or Purpose.RENEW, today_of(request)
    key = PriceKey(purpose, asked["currency"], parse_id(asked["months"]) or 0)
    amount = find_amount(read_prices_of(owner).get(key, ()), today)
    return {**asked, "amount": as_typed(amount, key.currency), "valid_from": today}


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
