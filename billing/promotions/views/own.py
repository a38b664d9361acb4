"""An organization's free credits and the codes that it used (BIL-1, BIL-13)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from billing.promotions.selectors import (
    CREDIT_STATES,
    describe_credit,
    list_credits,
    list_use_page,
    state_of_credit,
)
from manager.kit.clock import day_in
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission

SHOWN = 100
CREDIT_TONES = {"usable": "positive", "later": "info", "used": "neutral"}


@organization_view(Permission.BILLING_VIEW)
@require_safe
def promotions(request: OrganizationRequest) -> HttpResponse:
    """Show the free credits and, page by page, the codes that were used."""
    organization = request.organization
    today = day_in(organization.time_zone, request.at)
    states = [
        (credit, state_of_credit(credit, on=today))
        for credit in list_credits(organization_id=organization.pk)[:SHOWN]
    ]
    context = {
        "credits": [
            (credit, describe_credit(credit), CREDIT_STATES[state], CREDIT_TONES.get(state, "neutral"))
            for credit, state in states
        ],
        "page": list_use_page(
            organization=organization,
            after=request.GET.get("after", ""),
            before=request.GET.get("before", ""),
        ),
        "can_order": Permission.PRODUCTS_ORDER in request.can,
    }
    return render(request, "billing/promotions/promotions.html", context)
