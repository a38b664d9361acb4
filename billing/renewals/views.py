"""The pages of renewals: what renews by itself, with what, and what is in the way (BIL-10, BIL-11)."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from billing.payment_methods.ending import list_ending
from billing.renewals.ahead import look_ahead
from billing.renewals.export import renewals_as_csv
from billing.renewals.forms import CHOICES, MOST, MOST_OF_ALL, RenewalFilter, SwitchChoice, way_back
from billing.renewals.rules import NO_MEANS
from billing.renewals.selectors import describe, get_page, list_chosen, list_to_switch
from billing.renewals.services import Switched, switch_many
from manager.kit.clock import day_in
from manager.kit.downloads import give_table
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission

VIEW, MANAGE = Permission.BILLING_VIEW, Permission.BILLING_MANAGE


@organization_view(VIEW)
@require_safe
def renewals(request: OrganizationRequest) -> HttpResponse:
    """Show all products that can renew, soonest expiry first; `format=csv` gives them as a table."""
    chosen = RenewalFilter.read(request.GET)
    if request.GET.get("format") == "csv":
        table = renewals_as_csv(
            organization=request.organization, show=chosen.show, search=chosen.search, at=request.at
        )
        return give_table(table, name="renewals")
    rows, page = get_page(
        organization=request.organization,
        at=request.at,
        show=chosen.show,
        search=chosen.search,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    ahead = look_ahead(organization=request.organization)
    failing = ahead.get("failing", {})
    context = {
        "rows": [(row, failing.get(row.product.pk)) for row in rows],
        "page": page,
        "chosen": chosen,
        "choices": CHOICES,
        "has_means": any(row.method for row in rows) or not rows,
        "here": request.get_full_path(),
        "can_manage": MANAGE in request.can,
        "ending": list_ending(
            organization=request.organization, today=day_in(request.organization.time_zone, request.at)
        ),
        **ahead,
    }
    return render(request, "billing/renewals/list.html", context)


@organization_view(MANAGE)
@require_POST
def auto_renew(request: OrganizationRequest) -> HttpResponse:
    """Set the switch of one product or of many; where some are refused, show each one with its reason."""
    choice = SwitchChoice.read(request.POST, request.GET)
    has_more = False
    if choice.all_of is None:
        products = list_chosen(organization=request.organization, product_ids=choice.product_ids)
    else:
        found = list_to_switch(
            organization=request.organization,
            show=choice.all_of.show,
            search=choice.all_of.search,
            on=choice.on,
            most=MOST_OF_ALL + 1,
            at=request.at,
        )
        products, has_more = found[:MOST_OF_ALL], len(found) > MOST_OF_ALL
    results = switch_many(products=products, on=choice.on, actor=request.actor, at=request.at)
    if has_more and not all(result.refusal for result in results):
        told = _("The first %(most)d were switched; do it again for the next ones.")
        messages.info(request, told % {"most": MOST_OF_ALL})
    back = way_back(request)
    if any(result.refusal for result in results):
        return _show_refused(request, results, on=choice.on, back=back)
    if results:
        messages.success(request, _success(len(results), on=choice.on))
    else:
        messages.info(request, _("There is nothing to switch: all of them are set so already."))
    return redirect(back)


def _show_refused(
    request: OrganizationRequest, results: Sequence[Switched], *, on: bool, back: str
) -> HttpResponse:
    """Show what was refused with its reason and what mends it, then what was switched."""
    refused = [result for result in results if result.refusal]
    done = [result.product for result in results if not result.refusal]
    rows = describe(organization=request.organization, products=done, at=request.at)
    late = [result.product.pk for result in refused if result.can_renew_first]
    to_pay = reverse("billing:to_pay", args=[request.organization.pk])
    selected = urlencode([("show", "all"), *(("product", pk) for pk in late[:MOST])])
    context = {
        "refused": refused,
        "rows": rows,
        "on": on,
        "back": back,
        "pay_url": f"{to_pay}?{selected}" if late else "",
        "needs_means": any(result.refusal == NO_MEANS for result in refused),
    }
    return render(request, "billing/renewals/result.html", context, status=409)


def _success(count: int, *, on: bool) -> str:
    if on:
        text = ngettext(
            "%(count)d product renews by itself now.", "%(count)d products renew by themselves now.", count
        )
    else:
        text = ngettext(
            "%(count)d product no longer renews by itself.",
            "%(count)d products no longer renew by themselves.",
            count,
        )
    return text % {"count": count}
