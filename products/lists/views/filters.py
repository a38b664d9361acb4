"""What a member keeps for the lists: filters by name, and the columns."""

from django.contrib import messages
from django.core.validators import slug_re
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from manager.kit.forms import form_page, refusals_beside_fields
from manager.kit.requests import posted
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from products.catalog.selectors import FamilyNotFound, get_family, list_families
from products.inventory.forms import ProductFilter
from products.lists.forms import ColumnsForm, FilterForm, SaveFilterForm, query_of
from products.lists.selectors import get_filter, list_filters, read_settings
from products.lists.services import choose_columns, choose_default, delete_filter, rename_filter, save_filter

OWN = Permission.MEMBERSHIP_OWN


def list_url(request: OrganizationRequest, family: str) -> str:
    """Return the address of the list of `family`, or of all products."""
    own = request.organization.pk
    return reverse("products:family", args=[own, family]) if family else reverse("products:list", args=[own])


def _family(data: QueryDict) -> str:
    """Return the family whose list is meant, "" for all products.

    :raises FamilyNotFound: there is none of that name, nor could there be.
    """
    family = data.get("family", "")
    if family and not slug_re.fullmatch(family):
        raise FamilyNotFound
    return get_family(slug=family).slug if family else ""


@require_safe
@organization_view(OWN)
def filters(request: OrganizationRequest) -> HttpResponse:
    """List what the member has kept, with what can be done with it."""
    names = {family.slug: family.name for family in list_families()}
    kept = [
        {
            "filter": one,
            "list": names.get(one.family, one.family),
            "url": f"{list_url(request, one.family)}?{one.query or 'sort=expires_on'}",
        }
        for one in list_filters(membership=request.membership)
    ]
    return render(request, "products/lists/filters.html", {"kept": kept})


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(OWN)
def save(request: OrganizationRequest) -> HttpResponse:
    """Keep a filter of a list under a name; the filter is what the address of the list said."""
    data = request.POST if request.method == "POST" else request.GET
    family = _family(data)
    query = query_of(ProductFilter(QueryDict(data.get("query", ""))).checked())
    form = SaveFilterForm(posted(request))
    if form.is_bound and form.is_valid():
        with refusals_beside_fields(form):
            save_filter(
                membership=request.membership, family=family, query=query, at=request.at, **form.cleaned_data
            )
            messages.success(request, _("The filter is saved."))
            return redirect(f"{list_url(request, family)}?{query or 'sort=expires_on'}")
    context = {"family": family, "query": query, "cancel_url": f"{list_url(request, family)}?{query}"}
    return form_page(request, "products/lists/save_filter.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(OWN)
def rename(request: OrganizationRequest, filter_id: int) -> HttpResponse:
    """Give a kept filter another name."""
    kept = get_filter(membership=request.membership, filter_id=filter_id)
    form = FilterForm(posted(request), initial={"name": kept.name})
    if form.is_bound and form.is_valid():
        with refusals_beside_fields(form):
            rename_filter(membership=request.membership, kept=kept, name=form.cleaned_data["name"])
            messages.success(request, _("The filter is saved."))
            return redirect("products:filters", organization_id=request.organization.pk)
    return form_page(request, "products/lists/rename_filter.html", form, kept=kept)


@require_POST
@organization_view(OWN)
def set_default(request: OrganizationRequest, filter_id: int) -> HttpResponse:
    """Let the list open with a kept filter, or no longer."""
    kept = get_filter(membership=request.membership, filter_id=filter_id)
    choose_default(membership=request.membership, kept=kept, on=request.POST.get("default") == "on")
    messages.success(request, _("The filter is saved."))
    return redirect("products:filters", organization_id=request.organization.pk)


@require_POST
@organization_view(OWN)
def delete(request: OrganizationRequest, filter_id: int) -> HttpResponse:
    """Forget a kept filter."""
    kept = get_filter(membership=request.membership, filter_id=filter_id)
    delete_filter(membership=request.membership, kept=kept)
    messages.success(request, _("The filter is deleted."))
    return redirect("products:filters", organization_id=request.organization.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(OWN)
def columns(request: OrganizationRequest) -> HttpResponse:
    """Choose the columns of the lists."""
    data = request.POST if request.method == "POST" else request.GET
    family = _family(data)
    kept = read_settings(
        organization=request.organization,
        membership=request.membership,
        scope=request.product_scope,
    )
    form = ColumnsForm(posted(request), initial={"columns": kept.columns})
    if form.is_bound and form.is_valid():
        choose_columns(membership=request.membership, names=form.cleaned_data["columns"])
        messages.success(request, _("The columns are saved."))
        return redirect(list_url(request, family))
    context = {"family": family, "cancel_url": list_url(request, family)}
    return form_page(request, "products/lists/columns.html", form, **context)
