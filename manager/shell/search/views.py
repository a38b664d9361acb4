"""The search at the top: products, invoices and members of the organization by a part of their name."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from billing.invoices.selectors import list_invoices
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from organizations.members.selectors import list_members
from products.inventory.listed import list_products

MOST = 8
LONGEST = 100


@require_safe
@organization_view(Permission.ORGANIZATION_VIEW)
def search(request: OrganizationRequest) -> HttpResponse:
    """Show what matches `q`, in groups, each only with the right to see it."""
    wanted = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    organization = request.organization
    found: dict[str, object] = {"q": wanted}
    if wanted:
        found["products"] = list(
            list_products(
                organization=organization, scope=request.product_scope, search=wanted, size=MOST
            ).rows
        )
        if Permission.BILLING_VIEW in request.can:
            found["invoices"] = list(list_invoices(organization=organization, search=wanted)[:MOST])
        if Permission.MEMBERS_VIEW in request.can:
            found["members"] = list(list_members(organization=organization, search=wanted)[:MOST])
    return render(request, "shell/search.html", found)
