"""The pages of tags: all of them, one, and putting them on products."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from manager.kit.forms import form_page, refusals_beside_fields
from manager.kit.ids import require_ids
from manager.kit.requests import posted
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from products.inventory.models import Product
from products.lists.chosen import get_managed
from products.lists.forms import TagForm, TaggingForm
from products.lists.models import ProductTag, Tag
from products.lists.selectors import get_tag, list_tags
from products.lists.services import create_tag, delete_tag, edit_tag, find_or_create_tag, tag_products

LEAD = Permission.ORGANIZATION_MANAGE


@require_safe
@organization_view(Permission.PRODUCTS_VIEW)
def tags(request: OrganizationRequest) -> HttpResponse:
    """List the organization's tags, with what can be done with them."""
    shown = list_tags(organization=request.organization, scope=request.product_scope)
    return render(request, "products/lists/tags.html", {"tags": list(shown), "may_lead": LEAD in request.can})


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(LEAD)
def new_tag(request: OrganizationRequest) -> HttpResponse:
    """Make a tag."""
    form = TagForm(posted(request))
    if form.is_bound and form.is_valid():
        with refusals_beside_fields(form):
            create_tag(
                organization_id=request.organization.pk,
                actor=request.actor,
                at=request.at,
                **form.cleaned_data,
            )
            messages.success(request, _("The tag is made."))
            return redirect("products:tags", organization_id=request.organization.pk)
    return form_page(request, "products/lists/tag_form.html", form, tag=None)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(LEAD)
def edit(request: OrganizationRequest, tag_id: int) -> HttpResponse:
    """Give a tag another name or colour."""
    tag = get_tag(organization=request.organization, scope=request.product_scope, tag_id=tag_id)
    form = TagForm(posted(request), initial={"name": tag.name, "color": tag.color})
    if form.is_bound and form.is_valid():
        with refusals_beside_fields(form):
            edit_tag(tag=tag, actor=request.actor, at=request.at, **form.cleaned_data)
            messages.success(request, _("The tag is saved."))
            return redirect("products:tags", organization_id=request.organization.pk)
    return form_page(request, "products/lists/tag_form.html", form, tag=tag)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(LEAD)
def delete(request: OrganizationRequest, tag_id: int) -> HttpResponse:
    """Ask, and take a tag away."""
    tag = get_tag(organization=request.organization, scope=request.product_scope, tag_id=tag_id)
    if request.method != "POST":
        return render(request, "products/lists/tag_delete.html", {"tag": tag})
    delete_tag(tag=tag, actor=request.actor, at=request.at)
    messages.success(request, _("The tag is deleted."))
    return redirect("products:tags", organization_id=request.organization.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.PRODUCTS_MANAGE)
def put_tags(request: OrganizationRequest) -> HttpResponse:
    """Show the tags of the selected products; then put some on them and take others off."""
    data = request.POST if request.method == "POST" else request.GET
    asked = request.method == "POST" and data.get("asked") == "yes"
    products = get_managed(
        organization=request.organization,
        scope=request.product_scope,
        product_ids=require_ids(data.getlist("selected") or data.getlist("product")),
    )
    known = list(list_tags(organization=request.organization, scope=request.product_scope))
    form = TaggingForm(data if asked else None)
    if asked and form.is_valid():
        with refusals_beside_fields(form):
            add, remove = _wanted(
                known, require_ids(data.getlist("add")), require_ids(data.getlist("remove"))
            )
            if form.cleaned_data["name"].strip():
                name = form.cleaned_data["name"]
                by: dict[str, Any] = {"actor": request.actor, "at": request.at}
                add.append(find_or_create_tag(organization_id=request.organization.pk, name=name, **by))
            changed = tag_products(
                organization_id=request.organization.pk,
                products=products,
                add=add,
                remove=remove,
                actor=request.actor,
                at=request.at,
            )
            told = ngettext(
                "The tags of %(count)d product are changed.",
                "The tags of %(count)d products are changed.",
                changed,
            )
            messages.success(request, told % {"count": changed})
            return _back(request, products)
    context = {"products": products, "states": _states(request, products, known)}
    return form_page(request, "products/lists/put_tags.html", form, **context)


def _wanted(known: list[Tag], add: set[int], remove: set[int]) -> tuple[list[Tag], list[Tag]]:
    return [tag for tag in known if tag.pk in add], [tag for tag in known if tag.pk in remove]


def _states(request: OrganizationRequest, products: list[Product], known: list[Tag]) -> list[dict[str, Any]]:
    """Return each tag with on how many of the products it is."""
    places = ProductTag.objects.filter(organization_id=request.organization.pk, product__in=products)
    on = list(places.values_list("tag_id", flat=True))
    return [
        {"tag": tag, "count": on.count(tag.pk), "on_all": on.count(tag.pk) == len(products)} for tag in known
    ]


def _back(request: OrganizationRequest, products: list[Product]) -> HttpResponse:
    if len(products) == 1:
        return redirect(
            "products:product", organization_id=request.organization.pk, product_id=products[0].pk
        )
    return redirect("products:list", organization_id=request.organization.pk)
