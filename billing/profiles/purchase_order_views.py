"""The page of an organization's own order numbers (BIL-4)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from billing.profiles.forms import PurchaseOrderForm
from billing.profiles.purchase_orders import (
    add_purchase_order,
    get_purchase_order,
    list_purchase_orders,
)
from billing.profiles.purchase_orders import remove_purchase_order as remove_verb
from billing.profiles.selectors import list_addresses
from manager.kit.clock import day_in
from manager.kit.errors import DomainError
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission

VIEW, MANAGE = Permission.BILLING_VIEW, Permission.BILLING_MANAGE
LIST = "billing:purchase_orders"


@organization_view(VIEW, POST=MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def purchase_orders(request: OrganizationRequest) -> HttpResponse:
    """List the numbers with their days; add one."""
    today = day_in(request.organization.time_zone, request.at)
    addresses = list_addresses(organization=request.organization)
    form = PurchaseOrderForm(request.POST or None, initial={"valid_from": today}, addresses=addresses)
    if request.method == "POST" and form.is_valid():
        try:
            add_purchase_order(
                organization=request.organization, **form.cleaned_data, actor=request.actor, at=request.at
            )
        except DomainError as error:
            form.add_error(error.field, str(error.message))
        else:
            messages.success(request, _("The order number is saved. New invoices bear it within its days."))
            return redirect(LIST, request.organization.pk)
    rows = list_purchase_orders(organization=request.organization)
    context = {
        "rows": [
            (row, _state(row.valid_from > today, row.valid_until and row.valid_until < today)) for row in rows
        ],
        "form": form,
        "can_manage": MANAGE in request.can,
    }
    return render(
        request, "billing/profiles/purchase_orders.html", context, status=422 if form.errors else 200
    )


def _state(is_later: bool, is_over: object) -> str:
    return "later" if is_later else "over" if is_over else "now"


@organization_view(MANAGE)
@require_POST
def remove_purchase_order(request: OrganizationRequest, purchase_order_id: int) -> HttpResponse:
    """Remove a number; invoices keep it."""
    row = get_purchase_order(organization=request.organization, purchase_order_id=purchase_order_id)
    remove_verb(purchase_order=row, actor=request.actor, at=request.at)
    messages.success(request, _("The order number was removed. Invoices that bear it keep it."))
    return redirect(LIST, request.organization.pk)
