"""The back office's pages of families (PRD-1)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.sessions.staff import StaffRequest, staff_view
from manager.kit.requests import posted
from products.catalog.forms import FamilyForm, NewFamilyForm
from products.catalog.price_forms import PlaceForm
from products.catalog.rights import EDIT_CATALOG
from products.catalog.selectors import get_family
from products.catalog.services import (
    add_family,
    change_family,
    place_family,
    publish_family,
    withdraw_family,
)
from products.catalog.staff_selectors import list_all_families
from products.catalog.views.pages import MOVES, accepts, status_of

FAMILIES = "products:staff_catalog_families"


@require_safe
@staff_view(EDIT_CATALOG)
def families(request: StaffRequest) -> HttpResponse:
    """List the families in the order of the menu."""
    return render(request, "products/catalog/families.html", {"families": list_all_families()})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(EDIT_CATALOG)
def add(request: StaffRequest) -> HttpResponse:
    """Add a family; it is in the shop when somebody publishes it."""
    form = NewFamilyForm(posted(request))

    def verb() -> None:
        values = form.values()
        add_family(slug=values.pop("slug"), values=values, actor=request.actor, at=request.at)

    if request.method == "POST" and accepts(form, verb):
        messages.success(request, _("The family is added. Publish it when it is ready."))
        return redirect(FAMILIES)
    context = {"form": form, "family": None}
    return render(request, "products/catalog/family_form.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(EDIT_CATALOG)
def edit(request: StaffRequest, slug: str) -> HttpResponse:
    """Change names and icon of a family."""
    family = get_family(slug=slug)
    form = FamilyForm(posted(request), initial=FamilyForm.initial_of(family))

    def verb() -> None:
        change_family(family=family, values=form.values(), actor=request.actor, at=request.at)

    if request.method == "POST" and accepts(form, verb):
        messages.success(request, _("The family is saved."))
        return redirect(FAMILIES)
    context = {"form": form, "family": family}
    return render(request, "products/catalog/family_form.html", context, status=status_of(form))


@require_POST
@staff_view(EDIT_CATALOG)
def publish(request: StaffRequest, slug: str) -> HttpResponse:
    """Show a family in menu and shop."""
    family = publish_family(family=get_family(slug=slug), actor=request.actor, at=request.at)
    messages.success(request, _("%(name)s is in the shop.") % {"name": family.name})
    return redirect(FAMILIES)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(EDIT_CATALOG)
def withdraw(request: StaffRequest, slug: str) -> HttpResponse:
    """Ask, then take a family with its plans off menu and shop."""
    family = get_family(slug=slug)
    if request.method != "POST":
        return render(request, "products/catalog/family_withdraw.html", {"family": family})
    withdraw_family(family=family, actor=request.actor, at=request.at)
    messages.success(request, _("%(name)s is off the shop.") % {"name": family.name})
    return redirect(FAMILIES)


@require_POST
@staff_view(EDIT_CATALOG)
def place(request: StaffRequest, slug: str) -> HttpResponse:
    """Move a family one place up or down."""
    family = get_family(slug=slug)
    form = PlaceForm(request.POST)
    if form.is_valid():
        slugs = [one.slug for one in list_all_families()]
        there = slugs.index(family.slug) + MOVES[form.cleaned_data["direction"]]
        place_family(family=family, place=there, actor=request.actor, at=request.at)
    return redirect(FAMILIES)
