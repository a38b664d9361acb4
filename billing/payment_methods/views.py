"""Pages of the saved means (BIL-9)."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing.gateway.hosted_pages import leads_to_provider
from billing.payment_methods.dependants import has_dependants, list_dependants, tops_up_with
from billing.payment_methods.forms import MoveForm, RenameForm, ReplacementForm
from billing.payment_methods.kinds import new_kinds
from billing.payment_methods.models import MethodSetup, PaymentMethod
from billing.payment_methods.moves import move_method
from billing.payment_methods.selectors import (
    disputed_ids,
    get_method,
    has_prepaid_method,
    list_methods,
)
from billing.payment_methods.services import (
    remove_method,
    rename_method,
    set_default,
    use_prepaid,
)
from billing.payment_methods.setups import finish_setup, require_kind, start_setup
from manager.kit.clock import day_in
from manager.kit.errors import DomainError
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission

VIEW, MANAGE = Permission.BILLING_VIEW, Permission.BILLING_MANAGE


@leads_to_provider
@organization_view(VIEW)
@require_safe
def methods(request: OrganizationRequest) -> HttpResponse:
    """Show the saved means with their expiry, and how to add one."""
    today = day_in(request.organization.time_zone, request.at)
    found = list(list_methods(organization=request.organization))
    disputed = disputed_ids(organization=request.organization)
    rows = [
        {
            "method": method,
            "place": place,
            "is_last": place == len(found),
            "is_disputed": method.pk in disputed,
            "has_expired": method.has_expired(today),
            "expires_soon": method.expires_soon(today),
        }
        for place, method in enumerate(found, start=1)
    ]
    context = {
        "rows": rows,
        "ending": [row for row in rows if row["has_expired"] or row["expires_soon"]],
        "kinds": new_kinds(currency=request.organization.currency),
        "has_prepaid": has_prepaid_method(organization=request.organization),
        "can_manage": MANAGE in request.can,
    }
    return render(request, "billing/payment_methods/list.html", context)


@organization_view(MANAGE)
@require_POST
def add(request: OrganizationRequest) -> HttpResponse:
    """Go to the provider's page to save a means, or take the prepaid account as one."""
    kind = request.POST.get("kind", "")
    try:
        if kind == "prepaid":
            use_prepaid(organization=request.organization, actor=request.actor, at=request.at)
            messages.success(request, _("Renewals can now be paid from the prepaid account."))
            return redirect("billing:payment_methods", request.organization.pk)
        start = start_setup(
            organization=request.organization,
            kind=require_kind(kind, request.organization.currency),
            language=get_language() or "en",
            actor=request.actor,
            at=request.at,
        )
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("billing:payment_methods", request.organization.pk)
    return redirect(start.redirect_url)


@organization_view(MANAGE, in_transaction=False)
@require_safe
def setup_return(request: OrganizationRequest, setup_id: int) -> HttpResponse:
    """Come back from the provider's page: ask what came of it, and show the means."""
    setup = MethodSetup.objects.filter(organization_id=request.organization.pk, pk=setup_id).first()
    if setup is None:
        raise Http404
    try:
        setup = finish_setup(setup=setup, actor=request.actor, at=request.at)
    except DomainError as error:
        messages.warning(request, str(error))
        return redirect("billing:payment_methods", request.organization.pk)
    if setup.method is not None:
        messages.success(request, _("%(means)s was saved.") % {"means": setup.method})
    elif setup.finished_at is None:
        messages.info(
            request, _("The payment service still checks your means. It appears here once it is saved.")
        )
    else:
        messages.warning(request, _("Nothing was saved."))
    return redirect("billing:payment_methods", request.organization.pk)


@organization_view(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: OrganizationRequest, method_id: int) -> HttpResponse:
    """Give a means a name of one's own."""
    method = get_method(organization=request.organization, method_id=method_id)
    form = RenameForm(request.POST if request.method == "POST" else None, initial={"name": method.name})
    if request.method == "POST" and form.is_valid():
        rename_method(method=method, name=form.cleaned_data["name"], actor=request.actor, at=request.at)
        messages.success(request, _("The name was saved."))
        return redirect("billing:payment_methods", request.organization.pk)
    context = {"method": method, "form": form, "back": _back(request)}
    return render(request, "billing/payment_methods/rename.html", context, status=422 if form.errors else 200)


@organization_view(MANAGE)
@require_POST
def make_default(request: OrganizationRequest, method_id: int) -> HttpResponse:
    """Let renewals use this means."""
    method = get_method(organization=request.organization, method_id=method_id)
    set_default(method=method, actor=request.actor, at=request.at)
    messages.success(request, _("Renewals are now paid with %(means)s.") % {"means": method})
    return redirect("billing:payment_methods", request.organization.pk)


@organization_view(MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: OrganizationRequest, method_id: int) -> HttpResponse:
    """Remove a means, after telling what depends on it and asking what shall be used instead."""
    method = get_method(organization=request.organization, method_id=method_id)
    if request.method != "POST":
        return _ask_removal(request, method, ReplacementForm(others=_others(request, method)))
    form = ReplacementForm(request.POST, others=_others(request, method))
    if not form.is_valid():
        return _ask_removal(request, method, form, status=422)
    remove_method(
        method=method,
        actor=request.actor,
        at=request.at,
        replacement=form.cleaned_data.get("replacement"),
    )
    messages.success(request, _("%(means)s was removed.") % {"means": method})
    return redirect("billing:payment_methods", request.organization.pk)


def _others(request: OrganizationRequest, method: PaymentMethod) -> list[PaymentMethod]:
    """Return what can be used instead, if something depends on `method`."""
    if not has_dependants(method=method):
        return []
    return list(list_methods(organization=request.organization).exclude(pk=method.pk))


def _ask_removal(
    request: OrganizationRequest, method: PaymentMethod, form: ReplacementForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "method": method,
        "dependants": list_dependants(method=method),
        "tops_up": tops_up_with(method=method),
        "form": form,
        "back": _back(request),
    }
    return render(request, "billing/payment_methods/remove.html", context, status=status)


@organization_view(MANAGE)
@require_POST
def move(request: OrganizationRequest, method_id: int) -> HttpResponse:
    """Move a means one place up or down in the order in which they are tried."""
    method = get_method(organization=request.organization, method_id=method_id)
    form = MoveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose up or down."))
    else:
        move_method(
            method=method, direction=form.cleaned_data["direction"], actor=request.actor, at=request.at
        )
    return redirect("billing:payment_methods", request.organization.pk)


def _back(request: OrganizationRequest) -> str:
    return reverse("billing:payment_methods", args=[request.organization.pk])
