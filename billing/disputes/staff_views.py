"""The back office's pages of disputes (BIL-14)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.sessions.staff import StaffRequest, staff_view
from billing.disputes.forms import DisputeFilter
from billing.disputes.rights import LOOK_AFTER_DISPUTES
from billing.disputes.selectors import get_dispute, list_disputes, list_paid_products
from manager.kit.errors import DomainError
from manager.kit.filtered_list import filtered_list
from manager.kit.scope import tenant_scope
from products.inventory.services import suspend_product
from products.inventory.status import ProductStatus


@require_safe
@staff_view(LOOK_AFTER_DISPUTES)
def disputes(request: StaffRequest) -> HttpResponse:
    """List the disputes of all organizations, newest first."""
    context = filtered_list(request, filters=DisputeFilter, find=list_disputes)
    return render(request, "billing/disputes/staff/disputes.html", context)


@require_safe
@staff_view(LOOK_AFTER_DISPUTES)
def dispute(request: StaffRequest, dispute_id: int) -> HttpResponse:
    """Show one dispute: the payment, the deadline, what it paid for."""
    row = get_dispute(dispute_id=dispute_id)
    with tenant_scope(row.organization_id):
        products = list_paid_products(row)
    can_suspend = any(product.status == ProductStatus.ACTIVE for product in products)
    context = {"dispute": row, "products": products, "can_suspend": can_suspend}
    return render(request, "billing/disputes/staff/dispute.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(LOOK_AFTER_DISPUTES)
def suspend(request: StaffRequest, dispute_id: int) -> HttpResponse:
    """Suspend what the disputed payment paid for, after asking."""
    row = get_dispute(dispute_id=dispute_id)
    if request.method != "POST":
        return render(request, "billing/disputes/staff/suspend.html", {"dispute": row})
    done = 0
    with tenant_scope(row.organization_id):
        for product in list_paid_products(row):
            try:
                suspend_product(product=product, actor=request.actor, at=request.at)
            except DomainError as error:
                messages.error(request, f"{product.name}: {error}")
            else:
                done += 1
    if done:
        messages.success(request, _("The products are suspended. Their contacts are told by mail."))
    return redirect("billing:staff_dispute", dispute_id=row.pk)
