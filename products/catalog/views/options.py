"""The back office's pages of a plan's options (PRD-1, PRD-12)."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.sessions.staff import StaffRequest, staff_view
from manager.kit.requests import posted
from products.catalog.forms import NewNumberForm, NewSwitchForm, NumberForm, OptionForm
from products.catalog.models import OptionKind
from products.catalog.price_forms import PlaceForm
from products.catalog.rights import EDIT_CATALOG
from products.catalog.services import add_option, change_option, place_option
from products.catalog.staff_selectors import find_option, find_plan
from products.catalog.views.pages import MOVES, accepts, status_of

PLAN = "products:staff_catalog_plan"
LIMITS = {"included": 0, "minimum": 0, "maximum": 100, "step": 1}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(EDIT_CATALOG)
def add(request: StaffRequest, slug: str, kind: str) -> HttpResponse:
    """Add an option of a kind to a plan."""
    plan = find_plan(slug=slug)
    if kind not in OptionKind.values:
        raise Http404
    chosen = OptionKind(kind)
    new = NewNumberForm if chosen == OptionKind.NUMBER else NewSwitchForm
    form = new(posted(request), initial={"is_orderable": True, **LIMITS})

    def verb() -> None:
        values = {**form.values(), "kind": chosen.value}
        add_option(plan=plan, slug=values.pop("slug"), values=values, actor=request.actor, at=request.at)

    if request.method == "POST" and accepts(form, verb):
        messages.success(request, _("The option is added. It is sold as soon as it has a price."))
        return redirect(PLAN, slug=plan.slug)
    context = {"form": form, "plan": plan, "option": None, "kind": chosen.label}
    return render(request, "products/catalog/option_form.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(EDIT_CATALOG)
def edit(request: StaffRequest, slug: str, option: str) -> HttpResponse:
    """Change texts and limits of an option, or take it off the shop."""
    found = find_option(plan=slug, slug=option)
    kind = OptionKind(found.kind)
    present = NumberForm if kind == OptionKind.NUMBER else OptionForm
    form = present(posted(request), initial=present.initial_of(found))

    def verb() -> None:
        change_option(option=found, values=form.values(), actor=request.actor, at=request.at)

    if request.method == "POST" and accepts(form, verb):
        messages.success(request, _("The option is saved."))
        return redirect(PLAN, slug=found.plan.slug)
    context = {"form": form, "plan": found.plan, "option": found, "kind": kind.label}
    return render(request, "products/catalog/option_form.html", context, status=status_of(form))


@require_POST
@staff_view(EDIT_CATALOG)
def place(request: StaffRequest, slug: str, option: str) -> HttpResponse:
    """Move an option one place up or down in its plan."""
    found = find_option(plan=slug, slug=option)
    form = PlaceForm(request.POST)
    if form.is_valid():
        slugs = list(found.plan.options.order_by("position", "id").values_list("slug", flat=True))
        there = slugs.index(found.slug) + MOVES[form.cleaned_data["direction"]]
        place_option(option=found, place=there, actor=request.actor, at=request.at)
    return redirect(PLAN, slug=found.plan.slug)
