"""The page *To pay* (BIL-2): choose, see the sum at once, pay all with one invoice."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.invoices.selectors import get_invoice, list_lines
from billing.profiles.models import BillingAddress
from billing.profiles.selectors import list_addresses
from billing.to_pay.forms import ALL, DAY, SOON, Selection
from billing.to_pay.listing import INVOICES, MOST, RENEWALS, Wanted, list_ids
from billing.to_pay.selectors import ToPay, build_to_pay
from billing.to_pay.services import compose_selection, release_selection
from manager.kit.clock import day_in
from manager.kit.errors import DomainError
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from products.catalog.selectors import list_families
from products.inventory.models import Product

VIEW, MANAGE = Permission.BILLING_VIEW, Permission.BILLING_MANAGE


@organization_view(VIEW)
@require_safe
def to_pay(request: OrganizationRequest) -> HttpResponse:
    """Show what is due, with the sum of what is selected; the selection lives in the address."""
    return _show(request, Selection.read(request.GET))


def _show(
    request: OrganizationRequest, selection: Selection, *, error: str = "", status: int = 200
) -> HttpResponse:
    addresses = list(list_addresses(organization=request.organization))
    if selection.address_id not in {address.pk for address in addresses}:
        selection = replace(selection, address_id=None)
    page = _build(request, selection)
    # What was refused may not be here at all: its ids are not repeated.
    again = replace(selection, product_ids=(), invoice_ids=(), months={}) if error else selection
    context = {
        "addresses": _address_choices(addresses),
        "selection": selection,
        "page": page,
        "here": f"{reverse('billing:to_pay', args=[request.organization.pk])}?{again.as_query()}",
        "conflict": page.conflict,
        "can_manage": MANAGE in request.can,
        "error": error,
        "times": _times(selection),
        "kinds": [
            ("", _("Everything")),
            (INVOICES, _("Invoices")),
            (RENEWALS, _("Renewals")),
            *((family.slug, family.name) for family in list_families()),
        ],
        "most": MOST,
    }
    return render(request, "billing/to_pay/list.html", context, status=status)


def _address_choices(addresses: list[BillingAddress]) -> list[tuple[str, str]]:
    """Return whom a selection can be billed to; nothing where there is nothing to choose."""
    if len(addresses) < 2:
        return []
    return [("", _("As set for what is selected")), *((str(row.pk), str(row)) for row in addresses)]


def _times(selection: Selection) -> list[tuple[str, str]]:
    """Return how far the list may look; up to a day only once one is given."""
    times = [(SOON, _("Next 2 months")), (ALL, pgettext("what is due", "All"))]
    return [*times, (DAY, _("Up to the day"))] if selection.show == DAY else times


def _build(request: OrganizationRequest, selection: Selection) -> ToPay:
    today = day_in(request.organization.time_zone, request.at)
    return build_to_pay(
        organization=request.organization,
        today=today,
        until=selection.last_day(today),
        search=selection.search,
        kind=selection.kind,
        months=selection.months,
        product_ids=selection.product_ids,
        invoice_ids=selection.invoice_ids,
        address_id=selection.address_id,
        after=selection.after,
        before=selection.before,
    )


@organization_view(MANAGE)
@require_POST
def select(request: OrganizationRequest) -> HttpResponse:
    """Put the selection on one invoice and go on to pay it; or go on in the list with what is selected.

    `do` says which: pay, or update, previous, next, all, none. All but paying lead to an address that
    carries the selection, so that the page works the same with scripts and without.
    """
    selection = Selection.read(request.POST)
    asked = {*selection.product_ids, *selection.months}
    owned = Product.objects.filter(organization_id=request.organization.pk, pk__in=asked)
    defaults = dict(owned.values_list("pk", "months"))
    do = request.POST.get("do", "update")
    if do != "pay":
        query = _go_on(request, selection, do).without(defaults).as_query()
        return redirect(f"{reverse('billing:to_pay', args=[request.organization.pk])}?{query}")
    try:
        invoice = compose_selection(
            organization=request.organization,
            choices=selection.choices(defaults),
            invoice_ids=selection.invoice_ids,
            address_id=selection.address_id,
            actor=request.actor,
            at=request.at,
        )
    except DomainError as error:
        return _show(request, selection, error=str(error), status=error.status)
    return redirect("billing:pay_invoice", request.organization.pk, invoice.pk)


def _go_on(request: OrganizationRequest, selection: Selection, do: str) -> Selection:
    """Return the selection after one of the form's buttons; a new filter begins with the first page."""
    if do == "next":
        return replace(selection, after=request.POST.get("next", ""), before="")
    if do == "previous":
        return replace(selection, before=request.POST.get("previous", ""), after="")
    if do == "none":
        return replace(selection, product_ids=(), invoice_ids=())
    if do == "all":
        return _take_all(request, selection)
    is_new = selection.shown != request.POST.get("shown", selection.shown)
    return replace(selection, after="", before="") if is_new else selection


def _take_all(request: OrganizationRequest, selection: Selection) -> Selection:
    """Return the selection with all that matches the filter, up to what fits on one invoice."""
    today = day_in(request.organization.time_zone, request.at)
    wanted = Wanted(
        request.organization, selection.last_day(today), search=selection.search, kind=selection.kind
    )
    products, invoices = list_ids(wanted)
    if len(products) + len(invoices) == MOST:
        told = _("The first %(most)d are selected: so many fit on one invoice.")
        messages.info(request, told % {"most": MOST})
    return replace(selection, product_ids=tuple(products), invoice_ids=tuple(invoices))


@organization_view(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: OrganizationRequest, invoice_id: int) -> HttpResponse:
    """Take an unpaid selection apart, after asking."""
    invoice = get_invoice(organization=request.organization, invoice_id=invoice_id)
    if request.method != "POST":
        context = {
            "invoice": invoice,
            "lines": list_lines(invoice=invoice),
            "back": reverse("billing:to_pay", args=[request.organization.pk]),
        }
        return render(request, "billing/to_pay/release.html", context)
    release_selection(invoice=invoice, actor=request.actor, at=request.at)
    messages.success(request, _("The selection was taken apart. Everything is due one by one again."))
    return redirect("billing:to_pay", request.organization.pk)
