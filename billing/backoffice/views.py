"""The back office's lists: orders, what is paid but not set up, countries that differ (PRD-4, BIL-6)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.sessions.staff import StaffRequest, staff_view
from billing.backoffice.export import differing_as_csv, orders_as_csv
from billing.backoffice.forms import CountriesFilter, LineFilter, OrderFilter
from billing.backoffice.selectors import list_differing, list_orders_of_all, list_unfulfilled
from billing.holds.rights import LOOK_AFTER_ORDERS
from billing.invoices.models import Invoice
from billing.invoices.services.retry import retry_fulfilment
from billing.tax.proofs import name_countries
from billing.tax.rights import MANAGE_VAT
from manager.kit.downloads import give_table
from manager.kit.filtered_list import filtered_list, read_filters
from manager.kit.ids import MOST_SELECTED, parse_id
from manager.kit.scope import tenant_scope
from products.provisioning.selectors import count_troubled


@require_safe
@staff_view(LOOK_AFTER_ORDERS)
def orders(request: StaffRequest) -> HttpResponse:
    """List the orders of all organizations, newest first."""
    context = filtered_list(request, filters=OrderFilter, find=list_orders_of_all)
    return render(request, "billing/backoffice/orders.html", context)


@require_safe
@staff_view(LOOK_AFTER_ORDERS)
def orders_csv(request: StaffRequest) -> HttpResponse:
    """Download the orders that the same filter shows."""
    found = list_orders_of_all(**read_filters(request.GET, OrderFilter)).order_by("-pk")
    return give_table(orders_as_csv(found), name="orders")


@require_safe
@staff_view(LOOK_AFTER_ORDERS)
def unfulfilled(request: StaffRequest) -> HttpResponse:
    """List what is paid and not set up, newest first, with the reason."""
    context = filtered_list(request, filters=LineFilter, find=list_unfulfilled)
    context["troubled"] = count_troubled()
    return render(request, "billing/backoffice/unfulfilled.html", context)


@require_safe
@staff_view(MANAGE_VAT)
def differing(request: StaffRequest) -> HttpResponse:
    """List the invoices whose signs of the customer's country contradict each other, newest first."""
    context = filtered_list(request, filters=CountriesFilter, find=list_differing)
    context["rows"] = [
        (invoice, name_countries(invoice.tax_evidence["countries"])) for invoice in context["page"].rows
    ]
    return render(request, "billing/backoffice/differing.html", context)


@require_safe
@staff_view(MANAGE_VAT)
def differing_csv(request: StaffRequest) -> HttpResponse:
    """Download the invoices that the same filter shows."""
    found = list_differing(**read_filters(request.GET, CountriesFilter)).order_by("-pk")
    return give_table(differing_as_csv(found), name="countries")


@require_POST
@staff_view(LOOK_AFTER_ORDERS)
def retry(request: StaffRequest) -> HttpResponse:
    """Try the selected lines again, with the others of their invoices."""
    ids = [parse_id(value) for value in request.POST.getlist("selected")[:MOST_SELECTED]]
    found = list_unfulfilled().filter(pk__in=[number for number in ids if number is not None])
    invoices = sorted(set(found.values_list("invoice_id", "organization_id")))
    refused = 0
    for invoice_id, owner in invoices:
        with tenant_scope(owner):
            invoice = Invoice.objects.get(organization_id=owner, pk=invoice_id)
            refused += len(retry_fulfilment(invoice=invoice, actor=request.actor, at=request.at))
    _tell(request, len(invoices), refused)
    return redirect("billing:staff_unfulfilled")


def _tell(request: StaffRequest, tried: int, refused: int) -> None:
    if not tried:
        messages.info(request, _("Nothing was selected that waits."))
    elif refused:
        text = ngettext("%(count)d line is refused still.", "%(count)d lines are refused still.", refused)
        messages.error(request, text % {"count": refused})
    else:
        text = ngettext("%(count)d invoice was tried again.", "%(count)d invoices were tried again.", tried)
        messages.success(request, text % {"count": tried})
