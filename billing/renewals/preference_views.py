"""The pages that fix the means and the billing address of one product or of many (BIL-8, BIL-10)."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from billing.payment_methods.models import PaymentMethod
from billing.payment_methods.selectors import get_method, list_methods
from billing.profiles.models import BillingAddress
from billing.profiles.selectors import default_address, get_address, list_addresses
from billing.renewals.forms import RenewalFilter, Selection, SelectionInvalid, way_back
from billing.renewals.objections import objections_to
from billing.renewals.selectors import address_of_all, list_renewable, method_of_all, select_products
from billing.renewals.services import Preferred, prefer_address, prefer_method
from manager.kit.clock import day_in
from manager.kit.ids import require_id
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from products.inventory.models import Product

VIEW, MANAGE = Permission.BILLING_VIEW, Permission.BILLING_MANAGE
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The products that a choice is for; `name` is that of the only one."""

    products: QuerySet[Product]
    count: int
    name: str
    product_ids: list[int]
    all_of: RenewalFilter | None


@organization_view(VIEW, POST=MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def means(request: OrganizationRequest) -> HttpResponse:
    """Choose the means that the selected products renew with; a selection alone asks for it first."""
    if _has_no_selection(request):
        return redirect("billing:renewals", request.organization.pk)
    chosen = _products(request)
    if "method" in request.POST:
        done = prefer_method(
            organization=request.organization,
            product_ids=_ids(chosen),
            method=_method(request),
            actor=request.actor,
            at=request.at,
        )
        text = ngettext(
            "%(count)d product renews with the chosen means from now on.",
            "%(count)d products renew with the chosen means from now on.",
            done.count,
        )
        return _answer(request, done, text % {"count": done.count})
    methods = list(list_methods(organization=request.organization))
    today = day_in(request.organization.time_zone, request.at)
    objections = objections_to(methods, organization=request.organization, today=today)
    context = {
        "chosen": chosen,
        "methods": [(method, objections.get(method.pk, "")) for method in methods],
        "own_id": method_of_all(
            organization=request.organization, products=chosen.products, count=chosen.count
        ),
        "back": way_back(request),
    }
    return render(request, "billing/renewals/means.html", context)


@organization_view(VIEW, POST=MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: OrganizationRequest) -> HttpResponse:
    """Choose the address that the selected products renew with; a selection alone asks for it first."""
    if _has_no_selection(request):
        return redirect("billing:renewals", request.organization.pk)
    chosen = _products(request)
    if "address" in request.POST:
        done = prefer_address(
            organization=request.organization,
            product_ids=_ids(chosen),
            address=_address(request),
            actor=request.actor,
            at=request.at,
        )
        text = ngettext(
            "%(count)d product is billed to the chosen address from its next renewal on.",
            "%(count)d products are billed to the chosen address from their next renewal on.",
            done.count,
        )
        return _answer(request, done, text % {"count": done.count})
    context = {
        "chosen": chosen,
        "addresses": list_addresses(organization=request.organization),
        "usual": default_address(organization=request.organization),
        "own_id": address_of_all(
            organization=request.organization, products=chosen.products, count=chosen.count
        ),
        "back": way_back(request),
    }
    return render(request, "billing/renewals/address.html", context)


def _has_no_selection(request: OrganizationRequest) -> bool:
    return request.method != "POST" and "selected" not in request.GET


def _products(request: OrganizationRequest) -> Chosen:
    """Return what is selected, or all that the list's filter finds."""
    # The address of a dialog names its products; a list's form sends them.
    selection = Selection.read(request.GET if "selected" in request.GET else request.POST)
    if selection.all_of is not None:
        products = list_renewable(
            organization=request.organization, show=selection.all_of.show, search=selection.all_of.search
        )
    else:
        products = select_products(organization=request.organization, product_ids=selection.product_ids)
    count = products.count()
    if not count:
        raise SelectionInvalid
    name = products[0].name if count == 1 else ""
    return Chosen(products, count, name, selection.product_ids, selection.all_of)


def _ids(chosen: Chosen) -> list[int]:
    return list(chosen.products.order_by("pk").values_list("pk", flat=True))


def _answer(request: OrganizationRequest, done: Preferred, told: str) -> HttpResponse:
    """Lead back where all were reached; else show each of the others with its reason."""
    if not done.held:
        messages.success(request, told)
        return redirect(way_back(request))
    products = Product.objects.filter(organization_id=request.organization.pk).select_related("plan")
    by_id = products.in_bulk([held.product_id for held in done.held])
    context = {
        "rows": [(held, by_id[held.product_id]) for held in done.held],
        "told": told if done.count else "",
        "back": way_back(request),
    }
    return render(request, "billing/renewals/held.html", context, status=409)


def _method(request: OrganizationRequest) -> PaymentMethod | None:
    value = request.POST["method"]
    if value == DEFAULT:
        return None
    return get_method(organization=request.organization, method_id=require_id(value))


def _address(request: OrganizationRequest) -> BillingAddress | None:
    value = request.POST["address"]
    if value == DEFAULT:
        return None
    return get_address(organization=request.organization, address_id=require_id(value))
