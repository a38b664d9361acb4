"""The lists of products: all of them, or those of a family (PRD-2, UI-2)."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from manager.kit.downloads import give_table
from manager.kit.errors import Text
from manager.kit.keyset import COUNT_LIMIT
from manager.kit.spreadsheet import write_csv
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from products.catalog.kinds import name_of_kind
from products.catalog.selectors import FamilyNotFound
from products.inventory.forms import (
    ACTIONS,
    DEFAULT_SORT,
    RENEWALS,
    STATUSES,
    WINDOWS,
    ProductFilter,
    filters_of,
)
from products.inventory.labels import ProductRow
from products.inventory.listed import list_products
from products.inventory.models import Product
from products.inventory.rows import build_rows, today_of
from products.inventory.selectors import find_products
from products.lists.forms import query_of
from products.lists.models import ProductTag
from products.lists.selectors import ListSettings, describe_tags, read_settings


@require_safe
@organization_view(Permission.PRODUCTS_VIEW)
def product_list(request: OrganizationRequest) -> HttpResponse:
    """List all products of the organization (PRD-2, UI-2)."""
    return _list(request, "")


@require_safe
@organization_view(Permission.PRODUCTS_VIEW)
def product_family(request: OrganizationRequest, family: str) -> HttpResponse:
    """List the products of one family (PRD-2)."""
    return _list(request, family)


def _list(request: OrganizationRequest, slug: str) -> HttpResponse:
    form = ProductFilter(request.GET)
    values = form.checked()
    filters: dict[str, Any] = {
        "organization": request.organization,
        "scope": request.product_scope,
        "family": slug,
        **filters_of(values, today=today_of(request)),
    }
    if request.GET.get("format") == "csv":
        return _export(filters)
    kept = read_settings(
        organization=request.organization,
        membership=request.membership,
        scope=request.product_scope,
        family=slug,
        search=filters["search"],
    )
    if slug and kept.family is None:
        raise FamilyNotFound
    filters["search"] = kept.words or ""
    default = next((one for one in kept.filters if one.is_default), None)
    if default is not None and default.query and not request.GET:
        return redirect(f"{request.path}?{default.query}")
    page = list_products(
        **filters,
        order=values["sort"] or DEFAULT_SORT,
        after=values["after"],
        before=values["before"],
        counted=True,
    )
    context = {
        "family": kept.family,
        "kind": name_of_kind(values["kind"]) if values["kind"] in kept.kinds else "",
        "form": form,
        "values": values,
        "sort": values["sort"] or DEFAULT_SORT,
        "page": page,
        "rows": _rows(request, page.rows, kept),
        "has_rows": bool(page.rows),
        "summary": _summary(page.rows[0].found if page.rows else 0),  # type: ignore[attr-defined]  # annotated
        **_choices(kept, query_of(values)),
        "kinds": _kinds(kept, values["kind"]),
        **_rights(request),
    }
    return render(request, "products/lists/list.html", context)


def _rows(request: OrganizationRequest, products: list[Product], kept: ListSettings) -> list[ProductRow]:
    options = {
        product.pk: {option["slug"]: option["quantity"] for option in product.had}  # type: ignore[attr-defined]  # annotated
        for product in products
    }
    rows = build_rows(request, products, options, priced="price" in kept.columns)
    for row in rows:
        row.tags = describe_tags(row.product.shown_tags)  # type: ignore[attr-defined]  # annotated
    return rows


def _choices(kept: ListSettings, query: str) -> dict[str, Any]:
    """Return what the line above the list offers."""
    return {
        "default_sort": DEFAULT_SORT,
        "statuses": _worded(STATUSES),
        "windows": _worded(WINDOWS),
        "renewals": _worded(RENEWALS),
        "actions": _worded(ACTIONS),
        "tags": [("", _("Any tag")), *((tag.id, tag.name) for tag in kept.tags)] if kept.tags else [],
        "columns": tuple(kept.columns),
        "kept_filters": kept.filters,
        "query": query,
        "kept_now": next((one for one in kept.filters if one.query == query), None),
    }


def _kinds(kept: ListSettings, wanted: str) -> list[tuple[str, str]]:
    """Return the kinds to choose from: those of a family, or all where one was asked for."""
    if kept.family is None and not wanted:
        return []
    return [("", _("Any kind")), *((kind, name_of_kind(kind)) for kind in kept.kinds)]


def _worded(choices: Iterable[tuple[str, Text]]) -> tuple[tuple[str, str], ...]:
    """Return what can be chosen in the words of the present language."""
    return tuple((value, str(label)) for value, label in choices)


def _rights(request: OrganizationRequest) -> dict[str, bool]:
    can = request.can
    return {
        "may_order": Permission.PRODUCTS_ORDER in can,
        "may_renew": Permission.BILLING_MANAGE in can,
        "may_terminate": Permission.ORGANIZATION_MANAGE in can,
        "may_tag": Permission.PRODUCTS_MANAGE in can,
        "may_keep": Permission.MEMBERSHIP_OWN in can,
        "may_select": bool(
            can & {Permission.BILLING_MANAGE, Permission.ORGANIZATION_MANAGE, Permission.PRODUCTS_MANAGE}
        ),
    }


def _summary(count: int) -> str:
    if count > COUNT_LIMIT:
        return _("More than %(count)s products") % {"count": f"{COUNT_LIMIT:,}"}
    return _("%(count)s products") % {"count": count} if count != 1 else _("1 product")


def _export(filters: dict[str, Any]) -> HttpResponse:
    header = [
        _("Number"),
        _("Name"),
        _("Internal name"),
        _("Own reference"),
        _("Offer"),
        _("Family"),
        _("Status"),
        _("Expires"),
        _("Months"),
        _("Quantity"),
        _("Automatic renewal"),
        _("Tags"),
    ]
    tags: dict[int, list[str]] = {}
    places = ProductTag.objects.filter(organization_id=filters["organization"].pk)
    for product_id, name in places.order_by("tag__name").values_list("product_id", "tag__name"):
        tags.setdefault(product_id, []).append(name)
    found = find_products(**filters).select_related("plan").order_by("pk")
    rows = (
        [
            product.pk,
            product.name,
            product.internal_name,
            product.reference,
            product.plan.name,
            product.family,
            product.get_status_display(),
            product.expires_on,
            product.months,
            product.quantity,
            product.auto_renew,
            ", ".join(tags.get(product.pk, [])),
        ]
        for product in found.iterator(chunk_size=2000)
    )
    return give_table(write_csv(header, rows), name="products")
