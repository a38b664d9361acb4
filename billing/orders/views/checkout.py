"""The checkout: to whom, by which means, with which codes, how much; confirm, then on to the payment."""

import secrets
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from billing.orders.domain_check import DomainNameOrdered, DomainNameTaken
from billing.orders.forms import CheckoutForm
from billing.orders.page import ShownCart, build_cart
from billing.orders.selectors import find_confirmed
from billing.orders.services import place_order
from billing.orders.services.place import AddressIncomplete, CartChanged, CartEmpty
from billing.orders.trials import TrialRefused
from billing.orders.views.codes import ACTS, change_codes
from billing.payments.options import PayOption, first_choice, list_means
from billing.profiles.forms import AddressForm
from billing.profiles.selectors import default_entity
from billing.profiles.services import add_address
from billing.promotions.forms import EnterCodeForm
from manager.kit.clock import day_in
from manager.kit.errors import DomainError
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission

ADD, USE, OTHER = "add_address", "use_address", "other_address"


@organization_view(Permission.PRODUCTS_ORDER)
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: OrganizationRequest) -> HttpResponse:
    """Choose or enter the billing address, the means and codes, see the total with VAT, and confirm once."""
    if request.POST.get("do") == ADD:
        return _enter_address(request)
    if request.POST.get("do") in {USE, OTHER}:
        return _again(request, request.POST.get("address", "")[:20], asks=request.POST["do"] == OTHER)
    if request.POST.get("do") in ACTS:
        return _change_codes(request)
    if request.method == "POST":
        return _confirm(request)
    cart = build_cart(request=request, address=request.GET.get("address", ""))
    if cart.priced.quote is None:
        return redirect("billing:cart", request.organization.pk)
    return _page(request, cart)


def _confirm(request: OrganizationRequest) -> HttpResponse:
    form = CheckoutForm(request.POST)
    key = form.cleaned_data.get("confirmation_key") if form.is_valid() else None
    known = find_confirmed(organization=request.organization, confirmation_key=key or "")
    if known is not None:  # pressed twice: the first press has emptied the cart
        return _to_payment(request, known.payable.pk, form.cleaned_data["choice"])
    address = request.POST.get("address", "")
    cart = build_cart(request=request, address=address)
    if cart.priced.quote is None:
        return redirect("billing:cart", request.organization.pk)
    if not form.is_valid() or not cart.has_address:
        return _page(request, cart, notice=_("Please look at the total and confirm again."), status=422)
    if cart.chosen != address:
        return _page(request, cart, notice=_("Please choose one of your billing addresses."), status=422)
    return _place(request, cart, form)


def _place(request: OrganizationRequest, cart: ShownCart, form: CheckoutForm) -> HttpResponse:
    try:
        order = place_order(
            organization=request.organization,
            address=cart.buyer,
            confirmation_key=form.cleaned_data["confirmation_key"],
            confirmed_total=form.cleaned_data["confirmed_total"],
            actor=request.actor,
            at=request.at,
        )
    except CartEmpty:
        return redirect("billing:cart", request.organization.pk)
    except (AddressIncomplete, CartChanged, DomainNameOrdered, DomainNameTaken, TrialRefused) as error:
        cart = build_cart(request=request, address=cart.chosen)
        other = error.context.get("order")
        return _page(request, cart, notice=str(error.message), order_id=other, status=error.status)
    return _to_payment(request, order.invoice_id, form.cleaned_data["choice"])


def _to_payment(request: OrganizationRequest, invoice_id: int, choice: str) -> HttpResponse:
    """Go on to the payment, where the means that was chosen is chosen already."""
    query = f"?{urlencode({'with': choice})}" if choice else ""
    return redirect(reverse("billing:pay_invoice", args=[request.organization.pk, invoice_id]) + query)


def _again(request: OrganizationRequest, address: str, *, asks: bool = False) -> HttpResponse:
    """Show the checkout again for another address, or to enter one; the means stays as it was chosen."""
    choice = request.POST.get("choice", "")[:40] or request.GET.get("with", "")
    query = {"address": address, "with": choice, "other": "on" if asks else ""}
    kept = urlencode({name: value for name, value in query.items() if value})
    return redirect(f"{request.path}?{kept}")


def _change_codes(request: OrganizationRequest) -> HttpResponse:
    cart = build_cart(request=request, address=request.GET.get("address", ""))
    form, status = change_codes(request, cart.priced)
    if status == 200:
        query = request.GET.copy()
        query["with"] = request.POST.get("choice", "")[:40] or query.get("with", "")
        return redirect(f"{request.path}?{query.urlencode()}" if query["with"] else request.get_full_path())
    if cart.priced.quote is None:
        return redirect("billing:cart", request.organization.pk)
    return _page(request, cart, code_form=form, status=status)


def _enter_address(request: OrganizationRequest) -> HttpResponse:
    form = AddressForm(request.POST)
    if form.is_valid():
        try:
            address = add_address(
                organization=request.organization, data=form.as_data(), actor=request.actor, at=request.at
            )
        except DomainError as error:
            form.add_error(error.field, str(error.message))
        else:
            return _again(request, str(address.pk))
    return _page(request, build_cart(request=request, address=""), address_form=form, status=422)


def _page(
    request: OrganizationRequest,
    cart: ShownCart,
    *,
    address_form: AddressForm | None = None,
    code_form: EnterCodeForm | None = None,
    notice: str = "",
    order_id: int | None = None,
    status: int = 200,
) -> HttpResponse:
    organization = request.organization
    means = _means(request, cart)
    start = {"kind": organization.kind, "country": str(organization.country), "name": organization.name}
    context = {
        "cart": cart,
        "notice": notice,
        "order_id": order_id,
        "means": means,
        "chosen_means": first_choice(means, request.POST.get("choice") or request.GET.get("with", "")),
        "confirmation_key": secrets.token_hex(16),
        "address_form": address_form or AddressForm(initial=start),
        "code_form": code_form or EnterCodeForm(),
        "asks_address": address_form is not None or not cart.has_address or request.GET.get("other") == "on",
    }
    return render(request, "billing/orders/checkout.html", context, status=status)


def _means(request: OrganizationRequest, cart: ShownCart) -> list[PayOption]:
    """Return the means to choose from before the codes (PRD-3); none while nothing can be paid."""
    if cart.priced.quote is None or not cart.has_address or not cart.priced.quote.total.amount:
        return []
    return list_means(
        organization=request.organization,
        legal_entity=default_entity(),
        total=cart.priced.quote.total,
        today=day_in(request.organization.time_zone, request.at),
    )
