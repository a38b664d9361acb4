"""The back office's pages of plans: list, one plan, its texts and terms, on and off sale (PRD-1)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.sessions.staff import StaffRequest, staff_view
from manager.kit.errors import DomainError
from manager.kit.keyset import paginate
from manager.kit.requests import posted
from products.catalog.forms import NewPlanForm, PlanForm
from products.catalog.labels import WHAT, describe_change
from products.catalog.models import Family, Plan
from products.catalog.price_forms import PlaceForm, PlanFilterForm
from products.catalog.price_rows import price_rows
from products.catalog.rights import EDIT_CATALOG
from products.catalog.services import add_plan, change_plan, place_plan, publish_plan, withdraw_plan
from products.catalog.staff_selectors import (
    IN_SHOP_ORDER,
    find_plan,
    list_all_families,
    list_all_options,
    list_all_plans,
    list_changes,
    list_kinds,
)
from products.catalog.views.pages import MOVES, accepts, status_of, today_of
from products.catalog.views.preview import show_draft

PLAN = "products:staff_catalog_plan"
LATEST = 5
PREVIEW = "preview"


@require_safe
@staff_view(EDIT_CATALOG)
def plans(request: StaffRequest) -> HttpResponse:
    """List the plans of all families in the order of the shop."""
    wanted = PlanFilterForm(request.GET).wanted()
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page = paginate(list_all_plans(**wanted), key=IN_SHOP_ORDER, after=after, before=before)
    context = {
        "page": page,
        "wanted": wanted,
        "is_filtered": any(wanted.values()),
        "families": [("", _("All families")), *((one.slug, one.name) for one in list_all_families())],
        "kinds": [("", _("All kinds")), *((kind, kind) for kind in list_kinds())],
        "states": [("", _("On and off sale")), ("sold", _("On sale")), ("off", _("Off sale"))],
    }
    return render(request, "products/catalog/plans.html", context)


@require_safe
@staff_view(EDIT_CATALOG)
def plan(request: StaffRequest, slug: str) -> HttpResponse:
    """Show a plan: terms, prices with their days, options, what changed lately."""
    return _plan_page(request, find_plan(slug=slug))


def _plan_page(request: StaffRequest, found: Plan, *, refused: str = "", status: int = 200) -> HttpResponse:
    today = today_of(request)
    options = list_all_options(plan=found)
    changes = list_changes(plan=found.slug).order_by("-id")[:LATEST]
    context = {
        "plan": found,
        "refused": refused,
        "prices": price_rows(found.prices.all(), today),
        "options": [(option, price_rows(option.prices.all(), today)) for option in options],
        "changes": [(one, WHAT.get(one.what, one.what), describe_change(one)) for one in changes],
    }
    return render(request, "products/catalog/plan.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(EDIT_CATALOG)
def add(request: StaffRequest) -> HttpResponse:
    """Add a plan; it is in the shop when it has prices and somebody publishes it."""
    initial = {"family": request.GET.get("family", "")[:50].replace("\0", ""), "icon": "box"}
    numbers = {"grace_days": 30, "redemption_days": 0, "trial_months": 0, "cooling_off_days": 0}
    form = NewPlanForm(posted(request), initial={**initial, **numbers})

    def verb() -> None:
        values = form.values()
        family, slug = values.pop("family"), values.pop("slug")
        add_plan(family=family, slug=slug, values=values, actor=request.actor, at=request.at)

    if request.method == "POST" and accepts(form, verb):
        messages.success(request, _("The plan is added. Set its prices, then publish it."))
        return redirect(PLAN, slug=form.cleaned_data["slug"])
    context = {"form": form, "plan": None}
    return render(request, "products/catalog/plan_form.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(EDIT_CATALOG)
def edit(request: StaffRequest, slug: str) -> HttpResponse:
    """Change texts and terms of a plan, or its family; `do=preview` shows them before they are saved."""
    found = find_plan(slug=slug)
    initial = {**PlanForm.initial_of(found), "family": found.family.slug}
    form = PlanForm(posted(request), initial=initial)

    def verb() -> None:
        values = form.values()
        family: Family = values.pop("family")
        change_plan(plan=found, values=values, family=family, actor=request.actor, at=request.at)

    if request.POST.get("do") == PREVIEW and form.is_valid():
        shown = show_draft(request, find_plan(slug=slug), form.values(), on=today_of(request))
        return render(
            request, "products/catalog/plan_form.html", {"form": form, "plan": found, "shown": shown}
        )
    if request.POST.get("do") != PREVIEW and request.method == "POST" and accepts(form, verb):
        messages.success(request, _("The plan is saved."))
        return redirect(PLAN, slug=found.slug)
    context = {"form": form, "plan": found}
    return render(request, "products/catalog/plan_form.html", context, status=status_of(form))


@require_POST
@staff_view(EDIT_CATALOG)
def publish(request: StaffRequest, slug: str) -> HttpResponse:
    """Offer a plan in the shop."""
    found = find_plan(slug=slug)
    try:
        publish_plan(plan=found, today=today_of(request), actor=request.actor, at=request.at)
    except DomainError as refused:
        return _plan_page(request, found, refused=str(refused), status=refused.status)
    messages.success(request, _("%(name)s is in the shop.") % {"name": found.name})
    return redirect(PLAN, slug=found.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_view(EDIT_CATALOG)
def withdraw(request: StaffRequest, slug: str) -> HttpResponse:
    """Ask, then take a plan off the shop."""
    found = find_plan(slug=slug)
    if request.method != "POST":
        return render(request, "products/catalog/plan_withdraw.html", {"plan": found})
    withdraw_plan(plan=found, actor=request.actor, at=request.at)
    messages.success(request, _("%(name)s is off the shop.") % {"name": found.name})
    return redirect(PLAN, slug=found.slug)


@require_POST
@staff_view(EDIT_CATALOG)
def place(request: StaffRequest, slug: str) -> HttpResponse:
    """Move a plan one place up or down in its family."""
    found = find_plan(slug=slug)
    form = PlaceForm(request.POST)
    if form.is_valid():
        slugs = list(found.family.plans.order_by("position", "id").values_list("slug", flat=True))
        there = slugs.index(found.slug) + MOVES[form.cleaned_data["direction"]]
        place_plan(plan=found, place=there, actor=request.actor, at=request.at)
    return redirect("products:staff_catalog")
