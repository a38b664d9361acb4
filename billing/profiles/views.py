"""Pages of billing addresses (BIL-8)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.profiles.forms import AddressForm
from billing.profiles.party import Party
from billing.profiles.selectors import get_address, list_addresses, list_dependants, list_number_checks
from billing.profiles.services import (
    AddressInUse,
    clear_default_address,
    set_default_address,
)
from billing.profiles.services import add_address as add_address_verb
from billing.profiles.services import edit_address as edit_address_verb
from billing.profiles.services import remove_address as remove_address_verb
from manager.kit.errors import DomainError
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission

VIEW, MANAGE = Permission.BILLING_VIEW, Permission.BILLING_MANAGE


@organization_view(VIEW)
@require_safe
def billing_addresses(request: OrganizationRequest) -> HttpResponse:
    """Show all addresses, the organization's own among them."""
    addresses = list(list_addresses(organization=request.organization))
    checks = list_number_checks(organization=request.organization)
    context = {
        "addresses": [
            (address, Party.of_address(address), checks.get(address.vat_number)) for address in addresses
        ],
        "own": Party.of_organization(request.organization),
        "own_check": checks.get(request.organization.vat_number),
        "own_is_default": not any(address.is_default for address in addresses),
        "can_manage": MANAGE in request.can,
    }
    return render(request, "billing/profiles/addresses.html", context)


@organization_view(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def add_address(request: OrganizationRequest) -> HttpResponse:
    """Add an address."""
    start = {"kind": request.organization.kind, "country": str(request.organization.country)}
    form = AddressForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            address = add_address_verb(
                organization=request.organization, data=form.as_data(), actor=request.actor, at=request.at
            )
        except DomainError as error:
            form.add_error(error.field, str(error.message))
        else:
            messages.success(request, _("%(name)s was added.") % {"name": address.name})
            return redirect("billing:billing_addresses", request.organization.pk)
    return _form_page(request, form, title=_("Add a billing address"))


@organization_view(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_address(request: OrganizationRequest, address_id: int) -> HttpResponse:
    """Change an address."""
    address = get_address(organization=request.organization, address_id=address_id)
    form = AddressForm(request.POST or None, initial=AddressForm.initial_of(address))
    if request.method == "POST" and form.is_valid():
        try:
            edit_address_verb(address=address, data=form.as_data(), actor=request.actor, at=request.at)
        except DomainError as error:
            form.add_error(error.field, str(error.message))
        else:
            messages.success(request, _("The billing address was changed."))
            return redirect("billing:billing_addresses", request.organization.pk)
    return _form_page(request, form, title=_("Edit billing address"))


@organization_view(MANAGE)
@require_POST
def make_default(request: OrganizationRequest, address_id: int) -> HttpResponse:
    """Make an address the default one; 0 stands for the organization's own."""
    if address_id:
        address = get_address(organization=request.organization, address_id=address_id)
        set_default_address(address=address, actor=request.actor, at=request.at)
    else:
        clear_default_address(organization=request.organization, actor=request.actor, at=request.at)
    messages.success(request, _("Invoices will be made out to this address unless you choose another one."))
    return redirect("billing:billing_addresses", request.organization.pk)


@organization_view(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_address(request: OrganizationRequest, address_id: int) -> HttpResponse:
    """Remove an address, after asking."""
    address = get_address(organization=request.organization, address_id=address_id)
    if request.method != "POST":
        context = {"address": address, "products": list_dependants(address=address)}
        return render(request, "billing/profiles/remove.html", context)
    try:
        remove_address_verb(address=address, actor=request.actor, at=request.at)
    except AddressInUse as error:
        products = list_dependants(address=address)
        context = {"address": address, "refusal": error.message, "products": products}
        return render(request, "billing/profiles/remove.html", context, status=error.status)
    messages.success(request, _("%(name)s was removed.") % {"name": address.name})
    return redirect("billing:billing_addresses", request.organization.pk)


def _form_page(request: OrganizationRequest, form: AddressForm, *, title: str) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "title": title}
    return render(request, "billing/profiles/form.html", context, status=422 if form.errors else 200)
