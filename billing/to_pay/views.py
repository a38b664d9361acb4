"""The page *To pay* (BIL-2): choose, see the sum at once, pay all with one invoice."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.invoices.selectors import get_invoice, list_lines
from billing.to_pay.forms import Selection
from billing.to_pay.selectors import ToPay, build_to_pay
from billing.to_pay.services import compose_selection, release_selection
from manager.kit.clock import day_in
from manager.kit.errors import DomainError
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
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
    context = {
        "selection": selection,
        "page": _build(request, selection),
        "can_manage": MANAGE in request.can,
        "error": error,
    }
    return render(request, "billing/to_pay/list.html", context, status=status)


def _build(request: OrganizationRequest, selection: Selection) -> ToPay:
    today = day_in(request.organization.time_zone, request.at)
    return build_to_pay(
        organization=request.organization,
        today=today,
        until=selection.last_day(today),
        search=selection.search,
        months=selection.months,
        product_ids=frozenset(selection.product_ids),
        invoice_ids=frozenset(selection.invoice_ids),
        after=selection.after,
        before=selection.before,
    )


@organization_view(MANAGE)
@require_POST
def select(request: OrganizationRequest) -> HttpResponse:
    """Put the selection on one invoice and go on to pay it; or only count it again, without scripts."""
    selection = Selection.read(request.POST)
    if request.POST.get("do") == "update":
        return redirect(f"{reverse('billing:to_pay', args=[request.organization.pk])}?{selection.as_query()}")
    owned = Product.objects.filter(organization_id=request.organization.pk, pk__in=selection.product_ids)
    try:
        invoice = compose_selection(
            organization=request.organization,
            choices=selection.choices(dict(owned.values_list("pk", "months"))),
            invoice_ids=selection.invoice_ids,
            actor=request.actor,
            at=request.at,
        )
    except DomainError as error:
        return _show(request, selection, error=str(error), status=error.status)
    return redirect("billing:pay_invoice", request.organization.pk, invoice.pk)


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
