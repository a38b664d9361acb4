"""The page of figures: what was spent, and what the coming months will cost."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from billing.figures.export import forecast_as_csv, spend_as_csv
from billing.figures.forecast import read_forecast
from billing.figures.forms import FiguresChoice
from billing.figures.months import SPANS
from billing.figures.page import build_page
from billing.figures.spend import Spend, read_spend
from manager.kit.clock import day_in
from manager.kit.downloads import give_table
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission

VIEW = Permission.BILLING_VIEW


@organization_view(VIEW)
@require_safe
def figures(request: OrganizationRequest) -> HttpResponse:
    """Show spending per month and family, and the forecast."""
    choice = FiguresChoice.read(request.GET)
    today = day_in(request.organization.time_zone, request.at)
    page = build_page(_spend(request, choice), read_forecast(organization=request.organization, today=today))
    spans = [
        (span, ngettext("%(count)d month", "%(count)d months", span) % {"count": span}) for span in SPANS
    ]
    context = {"page": page, "choice": choice, "spans": spans}
    return render(request, "billing/figures/figures.html", context)


@organization_view(VIEW)
@require_safe
def export_spend(request: OrganizationRequest) -> HttpResponse:
    """Give spending per month and family as a table for spreadsheets."""
    return give_table(spend_as_csv(_spend(request, FiguresChoice.read(request.GET))), name="spending")


@organization_view(VIEW)
@require_safe
def export_forecast(request: OrganizationRequest) -> HttpResponse:
    """Give the forecast as a table for spreadsheets."""
    today = day_in(request.organization.time_zone, request.at)
    table = forecast_as_csv(read_forecast(organization=request.organization, today=today))
    return give_table(table, name="forecast")


def _spend(request: OrganizationRequest, choice: FiguresChoice) -> Spend:
    return read_spend(
        organization=request.organization,
        today=day_in(request.organization.time_zone, request.at),
        months=choice.months,
        currency=choice.currency,
    )
