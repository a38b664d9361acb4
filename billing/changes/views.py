"""The pages of a change of an offer: choose, see the quote, accept it (PRD-10, PRD-14)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.changes.forms import OfferForm
from billing.changes.models import ChangeQuote
from billing.changes.offer import Offer
from billing.changes.page import build_change_page, describe_offer, list_periods, list_plan_choices
from billing.changes.rules import list_choices, refusal_of, shorter_from
from billing.changes.selectors import find_waiting, get_change
from billing.changes.services import accept_change, quote_change, withdraw_change
from billing.changes.services.quote import PlanRefused
from billing.changes.status import ChangeStatus
from manager.kit.clock import day_in
from manager.kit.errors import DomainError
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from products.catalog.models import Plan
from products.catalog.price_book import read_price_book
from products.catalog.pricing import BookedOption, PriceBook
from products.inventory.errors import ProductReadOnly
from products.inventory.models import Product
from products.inventory.option_labels import describe_option
from products.inventory.selectors import get_product

ORDER = Permission.PRODUCTS_ORDER


def _product(request: OrganizationRequest, product_id: int) -> Product:
    product = get_product(
        organization=request.organization, scope=request.product_scope, product_id=product_id
    )
    if not request.product_scope.may_manage(product.pk, product.family):
        raise ProductReadOnly
    return product


@organization_view(ORDER)
@require_http_methods(["GET", "HEAD", "POST"])
def modify(request: OrganizationRequest, product_id: int) -> HttpResponse:
    """Choose another plan, period, quantity or options; the answer is a quote."""
    product = _product(request, product_id)
    today = day_in(request.organization.time_zone, request.at)
    refusal = refusal_of(product, today)
    if refusal is not None:
        shown = {"product": product, "refusal": refusal}
        return render(request, "billing/changes/modify.html", shown, status=_status(request, 409))
    plans = list_choices(product)
    plan = _chosen_plan(request, product, plans)
    book = read_price_book(plans=plans, currency=request.organization.currency, on=today)
    offer = Offer.of(product)
    periods = list_periods(product=product, plan=plan, book=book, today=today)
    form = OfferForm(
        request.POST or None,
        product=product,
        plan=plan,
        periods=periods,
        options=_options(book, plan, offer),
        had=offer.options,
    )
    if request.method == "POST" and form.is_valid():
        made = _quote(request, product, plan, form)
        if made is not None:
            return redirect("billing:change", request.organization.pk, product.pk, made.pk)
    choices = list_plan_choices(product=product, plans=plans, book=book)
    context = {
        "product": product,
        "plan": plan,
        "plans": choices if len(choices) > 1 else [],
        "form": form,
        "months": str(form["months"].value()),
        "periods": periods,
        "shorter_from": shorter_from(product) if any(row.possible_from for row in periods) else None,
        "options": [(field, describe_option(row)) for field, row in form.option_fields],
        "now": describe_offer(offer, book),
        "waiting": find_waiting(product=product),
    }
    return render(request, "billing/changes/modify.html", context, status=422 if form.errors else 200)


def _status(request: OrganizationRequest, refused: int) -> int:
    return refused if request.method == "POST" else 200


def _chosen_plan(request: OrganizationRequest, product: Product, plans: list[Plan]) -> Plan:
    slug = request.POST.get("plan") or request.GET.get("plan") or product.plan.slug
    found = next((plan for plan in plans if plan.slug == slug), None)
    if found is None:
        raise PlanRefused
    return found


def _options(book: PriceBook, plan: Plan, offer: Offer) -> list[BookedOption]:
    """Return the options to choose from, with those that the product has and that are not sold any more."""
    sold = book.sold_options(plan)
    known = {row.option.slug for row in sold}
    if plan.pk != offer.plan.pk:
        return sold
    had = offer.options
    return [*sold, *(row for slug, row in book.options_of(plan).items() if slug in had and slug not in known)]


def _quote(request: OrganizationRequest, product: Product, plan: Plan, form: OfferForm) -> ChangeQuote | None:
    """Return the quote; a refusal stands beside the field that it is about."""
    try:
        return quote_change(
            product=product,
            plan=plan,
            months=form.cleaned_data["months"],
            quantity=form.cleaned_data.get("quantity"),
            options=form.chosen_options(),
            at=request.at,
        )
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return None


@organization_view(ORDER)
@require_safe
def change(request: OrganizationRequest, product_id: int, change_id: int) -> HttpResponse:
    """Show a quote with all its lines, or what became of it."""
    product = _product(request, product_id)
    return _page(request, get_change(product=product, change_id=change_id))


def _page(
    request: OrganizationRequest, row: ChangeQuote, *, notice: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "product": row.product,
        "page": build_change_page(change=row, at=request.at),
        "can_pay": Permission.BILLING_MANAGE in request.can,
        "notice": notice,
    }
    return render(request, "billing/changes/change.html", context, status=status)


@organization_view(ORDER)
@require_POST
def accept(request: OrganizationRequest, product_id: int, change_id: int) -> HttpResponse:
    """Accept a quote: on to the payment, or done at once."""
    product = _product(request, product_id)
    row = get_change(product=product, change_id=change_id)
    try:
        row = accept_change(change=row, actor=request.actor, at=request.at)
    except DomainError as error:
        row = get_change(product=product, change_id=change_id)
        return _page(request, row, notice=str(error), status=error.status)
    if row.status == ChangeStatus.APPLIED:
        messages.success(request, _("The offer has been changed."))
        return redirect("products:product", request.organization.pk, product.pk)
    if Permission.BILLING_MANAGE in request.can:
        return redirect("billing:pay_invoice", request.organization.pk, row.invoice_id)
    return redirect("billing:change", request.organization.pk, product.pk, row.pk)


@organization_view(ORDER)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: OrganizationRequest, product_id: int, change_id: int) -> HttpResponse:
    """Take an accepted change back that is not paid, after asking."""
    product = _product(request, product_id)
    row = get_change(product=product, change_id=change_id)
    back = reverse("billing:change", args=[request.organization.pk, product.pk, row.pk])
    if request.method != "POST":
        return render(request, "billing/changes/withdraw.html", {"product": product, "back": back})
    withdraw_change(change=row, actor=request.actor, at=request.at)
    messages.success(request, _("The change was taken back. Your offer stays as it is."))
    return redirect("products:product", request.organization.pk, product.pk)
