"""The page of a restore: what it costs, and the way to pay it (PRD-11)."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from billing.restores.errors import FeeUnknown, RestoreRefused
from billing.restores.forms import RestoreForm
from billing.restores.selectors import find_restore_invoice, offer_restore
from billing.restores.services import order_restore
from manager.kit.clock import day_in
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from products.inventory.selectors import get_product


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.BILLING_MANAGE)
def restore(request: OrganizationRequest, product_id: int) -> HttpResponse:
    """Show what restoring a domain costs; then make out the invoice and lead to its payment."""
    organization = request.organization
    product = get_product(organization=organization, scope=request.product_scope, product_id=product_id)
    today = day_in(organization.time_zone, request.at)
    try:
        offer = offer_restore(product=product, today=today, language=get_language())
    except (RestoreRefused, FeeUnknown) as refused:
        context = {"product": product, "reason": refused.message}
        return render(request, "billing/restores/restore.html", context, status=refused.status)
    data = request.POST if request.method == "POST" else request.GET if "months" in request.GET else None
    form = RestoreForm(data, choices=offer.choices, initial={"months": offer.months})
    if form.is_valid():
        offer = offer_restore(
            product=product, today=today, months=form.cleaned_data["months"], language=get_language()
        )
        if request.method == "POST":
            invoice = order_restore(product=product, months=offer.months, actor=request.actor, at=request.at)
            return redirect("billing:pay_invoice", organization_id=organization.pk, invoice_id=invoice.pk)
    waiting = find_restore_invoice(product=product)
    context = {"product": product, "offer": offer, "form": form, "waiting": waiting}
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "billing/restores/restore.html", context, status=status)
