"""The pages of terminations: ask, list, withdraw, confirm by the mailed link, restore (PRD-9)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from manager.kit.clock import day_in
from manager.kit.errors import DomainError
from manager.kit.forms import StateFilter
from manager.kit.ids import require_ids
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from products.inventory.models import Product
from products.inventory.selectors import get_product
from products.inventory.services import restore_product
from products.inventory.services.restore import can_take_back
from products.inventory.status import LIVING
from products.termination.forms import TerminationForm
from products.termination.models import Termination
from products.termination.selectors import (
    MOST,
    find_terminable,
    get_termination,
    list_chosen,
    list_endings,
    list_terminable,
    list_terminations,
    require_key,
)
from products.termination.services import ask_termination, confirm_termination, withdraw_termination
from products.termination.status import TerminationStatus

LEAD = Permission.ORGANIZATION_MANAGE


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(LEAD)
def terminate(request: OrganizationRequest) -> HttpResponse:
    """Show what a termination of the selected products means and takes along; then ask for it."""
    data = request.POST if request.method == "POST" else request.GET
    if request.method != "POST" or data.get("asked") != "yes":
        return _show(request, data, TerminationForm(), status=200)
    form = TerminationForm(data)
    if form.is_valid():
        try:
            ask_termination(
                organization=request.organization,
                product_ids=require_ids(data.getlist("selected")),
                reason=form.cleaned_data["reason"],
                comment=form.cleaned_data["comment"],
                user_id=request.user.pk,
                actor=request.actor,
                at=request.at,
            )
        except DomainError as error:
            if error.status == 404:
                raise
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Look into your mails: nothing ends before you open the link there."))
            return redirect("products:terminations", organization_id=request.organization.pk)
    return _show(request, data, form, status=422)


def _show(
    request: OrganizationRequest, data: QueryDict, form: TerminationForm, *, status: int
) -> HttpResponse:
    organization = request.organization
    total = 0
    if data.get("all") == "on":
        total = find_terminable(organization=organization).count()
        products = list_terminable(organization=organization)
        skipped: list[Product] = []
    else:
        chosen = list_chosen(organization=organization, ids=_shown(data))
        products = [product for product in chosen if product.status in LIVING]
        skipped = [product for product in chosen if product.status not in LIVING]
    ticked = require_ids(data.getlist("selected")) if form.is_bound else None
    today = day_in(organization.time_zone, request.at)
    context = {
        "form": form,
        "endings": list_endings(organization=organization, products=products),
        "skipped": skipped,
        "ticked": ticked,
        "today": today,
        "shown": {product.pk for product in products},
        "more": max(total - MOST, 0),
        "is_all": data.get("all") == "on",
    }
    return render(request, "products/termination/terminate.html", context, status=status)


def _shown(data: QueryDict) -> set[int]:
    """Return the products that the page is about, also those that were unticked since."""
    return require_ids(data.getlist("shown") or data.getlist("selected") or data.getlist("product"))


@require_safe
@organization_view(LEAD)
def terminations(request: OrganizationRequest) -> HttpResponse:
    """List the wishes of the organization, newest first."""
    filters = StateFilter(request.GET, states=TerminationStatus.choices, every=_("All"))
    page = list_terminations(
        organization=request.organization,
        **filters.wanted,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    return render(request, "products/termination/terminations.html", {"page": page, **filters.shown})


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(LEAD)
def withdraw(request: OrganizationRequest, termination_id: int) -> HttpResponse:
    """Ask, then take a wish back."""
    wish = get_termination(organization=request.organization, termination_id=termination_id)
    if request.method != "POST":
        return render(request, "products/termination/withdraw.html", {"termination": wish})
    withdraw_termination(termination=wish, actor=request.actor, at=request.at)
    messages.success(request, _("The termination is withdrawn. Everything runs on."))
    return redirect("products:terminations", organization_id=request.organization.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(LEAD)
def confirm(request: OrganizationRequest, termination_id: int, key: str) -> HttpResponse:
    """Show once more what ends, to who has the mailed link; the button on it ends it."""
    wish = get_termination(organization=request.organization, termination_id=termination_id)
    require_key(wish, key)
    is_open = wish.status == TerminationStatus.ASKED and request.at < wish.expires_at
    if request.method == "POST" and is_open:
        confirm_termination(termination=wish, key=key, actor=request.actor, at=request.at)
        messages.success(request, _("The products are terminated."))
        return redirect("products:terminations", organization_id=request.organization.pk)
    context = {"termination": wish, "is_open": is_open, "key": key, **_facts(request, wish)}
    return render(request, "products/termination/confirm.html", context, status=200 if is_open else 410)


def _facts(request: OrganizationRequest, wish: Termination) -> dict[str, Any]:
    ids = [row.product_id for row in wish.products.all()]
    chosen = Product.objects.filter(
        organization_id=wish.organization_id, pk__in=ids, status__in=LIVING
    ).select_related("plan")
    products = list(chosen.order_by("name", "id"))
    return {
        "endings": list_endings(organization=request.organization, products=products),
        "shown": set(ids),
        "today": day_in(request.organization.time_zone, request.at),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(LEAD)
def restore(request: OrganizationRequest, product_id: int) -> HttpResponse:
    """Ask, then restore a terminated product within its days of cooling off."""
    organization = request.organization
    product = get_product(organization=organization, scope=request.product_scope, product_id=product_id)
    if request.method != "POST":
        today = day_in(organization.time_zone, request.at)
        context = {"product": product, "can": can_take_back(product, today=today, at=request.at)}
        return render(request, "products/termination/restore.html", context)
    restore_product(product=product, actor=request.actor, at=request.at)
    messages.success(request, _("The product is restored."))
    return redirect("products:product", organization_id=organization.pk, product_id=product.pk)
