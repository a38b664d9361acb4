"""The page that fixes the billing address of one product or of many (BIL-8)."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.sessions.redirects import local_path
from billing.profiles.models import BillingAddress
from billing.profiles.selectors import default_address, get_address, list_addresses
from billing.renewals.forms import MOST, MOST_OF_ALL, ChoiceInvalid, RenewalFilter
from billing.renewals.models import RenewalPreference
from billing.renewals.selectors import list_chosen, list_matching
from billing.renewals.services import prefer_address
from manager.kit.errors import NotFound
from manager.kit.ids import parse_id
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from products.inventory.models import Product

VIEW, MANAGE = Permission.BILLING_VIEW, Permission.BILLING_MANAGE
DEFAULT = "default"


@organization_view(VIEW, POST=MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: OrganizationRequest) -> HttpResponse:
    """Choose the address that the selected products renew with; a selection alone asks for it first."""
    asked = request.POST if request.method == "POST" else request.GET
    if request.method != "POST" and "selected" not in asked:
        return redirect("billing:renewals", request.organization.pk)
    all_of = RenewalFilter.read(asked) if asked.get("all") == "1" else None
    products = _products(request, asked, all_of)
    back = local_path(asked.get("next"), reverse("billing:renewals", args=[request.organization.pk]))
    if "address" in request.POST:
        chosen = _chosen(request)
        prefer_address(products=products, address=chosen, actor=request.actor, at=request.at)
        text = ngettext(
            "%(count)d product is billed to the chosen address from its next renewal on.",
            "%(count)d products are billed to the chosen address from their next renewal on.",
            len(products),
        )
        messages.success(request, text % {"count": len(products)})
        return redirect(back)
    context = {
        "products": products,
        "all_of": all_of,
        "addresses": list_addresses(organization=request.organization),
        "usual": default_address(organization=request.organization),
        "own_id": _present(request, products),
        "back": back,
    }
    return render(request, "billing/renewals/address.html", context)


def _products(request: OrganizationRequest, asked: QueryDict, all_of: RenewalFilter | None) -> list[Product]:
    """Return what is selected, or all that the list's filter finds."""
    if all_of is None:
        return list_chosen(organization=request.organization, product_ids=_selected(asked))
    found = list_matching(
        organization=request.organization, show=all_of.show, search=all_of.search, most=MOST_OF_ALL
    )
    if not found:
        raise ChoiceInvalid
    return found


def _selected(asked: QueryDict) -> list[int]:
    ids = [parse_id(value) for value in asked.getlist("selected")]
    known = list(dict.fromkeys(pk for pk in ids if pk is not None))
    if not known or len(ids) > MOST or None in ids:
        raise ChoiceInvalid
    return known


def _chosen(request: OrganizationRequest) -> BillingAddress | None:
    value = request.POST["address"]
    if value == DEFAULT:
        return None
    address_id = parse_id(value)
    if address_id is None:
        raise NotFound
    return get_address(organization=request.organization, address_id=address_id)


def _present(request: OrganizationRequest, products: list[Product]) -> int | None:
    """Return the address that all of them have, None where they have none or differ."""
    rows = RenewalPreference.objects.filter(organization_id=request.organization.pk, product__in=products)
    by_product = dict(rows.values_list("product_id", "address_id"))
    found = {by_product.get(product.pk) for product in products}
    return found.pop() if len(found) == 1 else None
