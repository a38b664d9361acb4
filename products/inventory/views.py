"""The pages of one product: what it is, and its names."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from organizations.access.choices import ProductRef
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from organizations.access.selectors import list_product_access
from organizations.grants.selectors import explain_why
from products.inventory.errors import ProductReadOnly
from products.inventory.forms import RenameForm
from products.inventory.labels import Act, describe_activity, describe_service, describe_timeline
from products.inventory.models import Product
from products.inventory.outlook import Notice, Outlook, find_outlook, list_notices
from products.inventory.rows import build_rows
from products.inventory.sections import Visit, build_sections
from products.inventory.selectors import find_options, get_product, list_activity
from products.inventory.services import describe_product, rename_product
from products.inventory.services.names import NameInvalid
from products.inventory.services.restore import can_take_back
from products.inventory.timeline import timeline
from products.provisioning.selectors import find_service


@require_safe
@organization_view(Permission.PRODUCTS_VIEW)
def product_page(request: OrganizationRequest, product_id: int) -> HttpResponse:
    """Show one product: what it is, what happens next, its service and what was done (PRD-2, PRD-8)."""
    product = get_product(
        organization=request.organization, scope=request.product_scope, product_id=product_id
    )
    (row,) = build_rows(request, [product], find_options([product]))
    activity: list[Act] = []
    if row.may_manage or Permission.AUDIT_VIEW in request.can:
        activity = describe_activity(list_activity(product=product))
    service = find_service(organization_id=request.organization.pk, product_id=product.pk)
    outlook = find_outlook(product, at=request.at)
    context = {
        "product": product,
        "row": row,
        "steps": describe_timeline(timeline(product, row.today, outlook), row.today),
        "warranted_on": outlook.renewed_on,
        "service": service,
        "details": describe_service(service.data) if service else [],
        "sections": build_sections(Visit(request, product, row.may_manage)),
        "support_email": settings.SUPPORT_EMAIL,
        "activity": activity,
        "may_renew": Permission.BILLING_MANAGE in request.can,
        "may_order": Permission.PRODUCTS_ORDER in request.can,
        "may_transfer": Permission.ORGANIZATION_MANAGE in request.can,
        "may_take_back": can_take_back(product, today=row.today, at=request.at),
        "outlook": outlook,
        "notices": [*list_notices(product, at=request.at), *_of_charge(request, outlook)],
        "may_see_billing": Permission.BILLING_VIEW in request.can,
        **_access_of(request, product),
    }
    return render(request, "products/inventory/product.html", context)


def _of_charge(request: OrganizationRequest, outlook: Outlook) -> list[Notice]:
    """Return what went wrong with the last charge; the way to mend it is for who may go it."""
    if outlook.notice is None:
        return []
    may_go = Permission.BILLING_MANAGE in request.can
    return [outlook.notice if may_go else replace(outlook.notice, url="", action_label="")]


def _access_of(request: OrganizationRequest, product: Product) -> dict[str, Any]:
    """Return who reaches the product, or only why the person does, who does not see other members."""
    if Permission.MEMBERS_VIEW in request.can:
        access = list_product_access(
            organization_id=product.organization_id,
            product_id=product.pk,
            family=product.family,
            at=request.at,
        )
        return {"access": access}
    known = ProductRef(product.pk, product.name, product.family)
    return {"why": explain_why(standing=request.standing, product=known)}


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.PRODUCTS_VIEW, POST=Permission.PRODUCTS_MANAGE)
def rename(request: OrganizationRequest, product_id: int) -> HttpResponse:
    """Give a product another name, and the organization's own words."""
    product = get_product(
        organization=request.organization, scope=request.product_scope, product_id=product_id
    )
    if not request.product_scope.may_manage(product.pk, product.family):
        raise ProductReadOnly
    names = ("name", "internal_name", "reference")
    form = RenameForm(
        request.POST if request.method == "POST" else None,
        initial={field: getattr(product, field) for field in names},
    )
    if request.method == "POST" and form.is_valid():
        by: dict[str, Any] = {"product": product, "actor": request.actor, "at": request.at}
        given = dict(form.cleaned_data)
        try:
            with transaction.atomic():
                rename_product(name=given.pop("name"), **by)
                describe_product(**given, **by)
        except NameInvalid as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("The names of the product are saved."))
            return redirect(
                "products:product", organization_id=request.organization.pk, product_id=product.pk
            )
    status = 422 if form.is_bound else 200
    return render(
        request, "products/inventory/rename.html", {"product": product, "form": form}, status=status
    )
