"""The pages of products: the lists, one product, its name."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from manager.kit.clock import day_in
from manager.kit.spreadsheet import write_csv
from organizations.access.choices import ProductRef
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from organizations.access.selectors import list_product_access
from organizations.grants.selectors import explain_why
from products.catalog.models import Family
from products.catalog.price_book import read_price_book
from products.catalog.pricing import find_parts, sum_of
from products.catalog.selectors import get_family
from products.inventory.errors import ProductReadOnly
from products.inventory.forms import (
    DEFAULT_SORT,
    RENEWALS,
    STATUSES,
    WINDOWS,
    ProductFilter,
    RenameForm,
    filters_of,
)
from products.inventory.labels import Act, ProductRow, describe_activity, describe_service, describe_timeline
from products.inventory.models import Product
from products.inventory.option_labels import describe_options
from products.inventory.outlook import find_outlook, list_notices
from products.inventory.sections import Visit, build_sections
from products.inventory.selectors import (
    COUNT_LIMIT,
    count_products,
    find_options,
    find_products,
    get_product,
    list_activity,
    list_products,
)
from products.inventory.services import rename_product
from products.inventory.services.names import NameInvalid
from products.inventory.services.restore import can_take_back
from products.inventory.timeline import timeline
from products.provisioning.selectors import find_service


def _today(request: OrganizationRequest) -> date:
    return day_in(request.organization.time_zone, request.at)


def _rows(request: OrganizationRequest, products: list[Product]) -> list[ProductRow]:
    today = _today(request)
    organization = request.organization
    book = read_price_book(
        plans=[product.plan for product in products], currency=organization.currency, on=today
    )
    options = find_options(products)
    rows = []
    for product in products:
        had = options[product.pk]
        parts = find_parts(
            book, plan=product.plan, months=product.months, quantity=product.quantity, options=had
        )
        may_manage = Permission.PRODUCTS_MANAGE in request.can and request.product_scope.may_manage(
            product.pk, product.family
        )
        rows.append(
            ProductRow(
                product,
                today,
                sum_of(parts) if parts else None,
                may_manage=may_manage,
                options=describe_options(book, product, had),
            )
        )
    return rows


@require_safe
@organization_view(Permission.PRODUCTS_VIEW)
def product_list(request: OrganizationRequest) -> HttpResponse:
    """List all products of the organization (PRD-2, UI-2)."""
    return _list(request, None)


@require_safe
@organization_view(Permission.PRODUCTS_VIEW)
def product_family(request: OrganizationRequest, family: str) -> HttpResponse:
    """List the products of one family (PRD-2)."""
    return _list(request, get_family(slug=family))


def _list(request: OrganizationRequest, family: Family | None) -> HttpResponse:
    form = ProductFilter(request.GET)
    values = form.checked()
    filters: dict[str, Any] = {
        "organization": request.organization,
        "scope": request.product_scope,
        "family": family.slug if family else "",
        **filters_of(values, today=_today(request)),
    }
    order = values["sort"] or DEFAULT_SORT
    if request.GET.get("format") == "csv":
        return _export(filters)
    page = list_products(**filters, order=order, after=values["after"], before=values["before"])
    count = count_products(**filters) if page.rows else 0
    context = {
        "family": family,
        "form": form,
        "values": values,
        "default_sort": DEFAULT_SORT,
        "statuses": STATUSES,
        "windows": WINDOWS,
        "renewals": RENEWALS,
        "rows": _rows(request, page.rows),
        "page": page,
        "summary": _summary(count),
        "may_order": Permission.PRODUCTS_ORDER in request.can,
        "may_renew": Permission.BILLING_MANAGE in request.can,
        "may_terminate": Permission.ORGANIZATION_MANAGE in request.can,
        "may_select": bool(request.can & {Permission.BILLING_MANAGE, Permission.ORGANIZATION_MANAGE}),
    }
    return render(request, "products/inventory/list.html", context)


def _summary(count: int) -> str:
    if count > COUNT_LIMIT:
        return _("More than %(count)s products") % {"count": f"{COUNT_LIMIT:,}"}
    return _("%(count)s products") % {"count": count} if count != 1 else _("1 product")


def _export(filters: dict[str, Any]) -> HttpResponse:
    header = [
        _("Number"),
        _("Name"),
        _("Offer"),
        _("Family"),
        _("Status"),
        _("Expires"),
        _("Months"),
        _("Quantity"),
    ]
    found = find_products(**filters).select_related("plan").order_by("pk")
    rows = (
        [
            product.pk,
            product.name,
            product.plan.name,
            product.family,
            product.get_status_display(),
            product.expires_on,
            product.months,
            product.quantity,
            product.auto_renew,
        ]
        for product in found.iterator(chunk_size=2000)
    )
    response = HttpResponse(
        write_csv([*header, _("Automatic renewal")], rows), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="products.csv"'
    return response


@require_safe
@organization_view(Permission.PRODUCTS_VIEW)
def product_page(request: OrganizationRequest, product_id: int) -> HttpResponse:
    """Show one product: what it is, what happens next, its service and what was done (PRD-2, PRD-8)."""
    product = get_product(
        organization=request.organization, scope=request.product_scope, product_id=product_id
    )
    (row,) = _rows(request, [product])
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
        "notices": list_notices(product, at=request.at),
        "may_see_billing": Permission.BILLING_VIEW in request.can,
        **_access_of(request, product),
    }
    return render(request, "products/inventory/product.html", context)


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
    """Give a product another name."""
    product = get_product(
        organization=request.organization, scope=request.product_scope, product_id=product_id
    )
    if not request.product_scope.may_manage(product.pk, product.family):
        raise ProductReadOnly
    form = RenameForm(request.POST if request.method == "POST" else None, initial={"name": product.name})
    if request.method == "POST" and form.is_valid():
        try:
            rename_product(
                product=product, name=form.cleaned_data["name"], actor=request.actor, at=request.at
            )
        except NameInvalid as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("The product has a new name."))
            return redirect(
                "products:product", organization_id=request.organization.pk, product_id=product.pk
            )
    status = 422 if form.is_bound else 200
    return render(
        request, "products/inventory/rename.html", {"product": product, "form": form}, status=status
    )
