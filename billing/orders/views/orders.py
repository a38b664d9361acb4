"""Orders: the list, one order, cancel (PRD-4)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from billing.invoices.late import late_money_of
from billing.orders.selectors import get_order, list_order_page
from billing.orders.services import cancel_order
from billing.orders.status import OrderStatus
from billing.orders.sums import sum_order
from billing.promotions.selectors import list_credits_of, list_used_by
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission


@organization_view(Permission.BILLING_VIEW)
@require_safe
def orders(request: OrganizationRequest) -> HttpResponse:
    """Show the orders, those that wait for payment unless another state is chosen."""
    status = request.GET.get("status", OrderStatus.PENDING)
    page = list_order_page(
        organization=request.organization,
        status=status,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "orders": page.rows,
        "page": page,
        "status": status,
        "statuses": [*OrderStatus.choices, ("all", pgettext("orders", "All"))],
    }
    return render(request, "billing/orders/orders.html", context)


@organization_view(Permission.BILLING_VIEW)
@require_safe
def order(request: OrganizationRequest, order_id: int) -> HttpResponse:
    """Show one order with its lines, and what can be done with it."""
    row = get_order(organization=request.organization, order_id=order_id)
    context = {
        "order": row,
        "sums": sum_order(order=row),
        "invoice": row.payable,
        "code_uses": list_used_by(invoice=row.invoice),
        "free_credits": list_credits_of(invoice=row.invoice),
        "late": late_money_of(invoice=row.payable) if row.status == OrderStatus.CANCELLED else None,
        "can_manage": Permission.BILLING_MANAGE in request.can,
    }
    return render(request, "billing/orders/order.html", context)


@organization_view(Permission.BILLING_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: OrganizationRequest, order_id: int) -> HttpResponse:
    """Cancel a pending order, after asking."""
    row = get_order(organization=request.organization, order_id=order_id)
    back = reverse("billing:order", args=[request.organization.pk, row.pk])
    if request.method != "POST":
        return render(request, "billing/orders/cancel.html", {"order": row, "back": back})
    cancel_order(order=row, actor=request.actor, at=request.at)
    messages.success(request, _("The order was cancelled. Nothing is due."))
    return redirect("billing:orders", request.organization.pk)
