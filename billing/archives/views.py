"""Pages of the files of a period: choose one, see how far it is, take it (BIL-19)."""

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from billing.archives.contents import Period, count_contents, suggest_periods
from billing.archives.download import send
from billing.archives.forms import PeriodForm
from billing.archives.models import PeriodArchive
from billing.archives.selectors import get_archive, list_archives
from billing.archives.services import LARGE, ask_archive
from manager.kit.clock import day_in
from manager.kit.errors import DomainError
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission

VIEW = Permission.BILLING_VIEW


@organization_view(VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def period(request: OrganizationRequest) -> HttpResponse:
    """Choose a period and see what it has; asking for its file goes on to the file's page."""
    today = day_in(request.organization.time_zone, request.at)
    suggested = suggest_periods(today)
    given = request.POST if request.method == "POST" else request.GET
    form = PeriodForm(given if "first" in given or "last" in given else suggested[-2].dates)
    is_valid = form.is_valid()
    if request.method == "POST" and is_valid:
        try:
            return redirect("billing:archive", request.organization.pk, _ask(request, form).pk)
        except DomainError as error:
            form.add_error("last", str(error))
            is_valid = False
    context = {
        "form": form,
        "contents": count_contents(_period_of(request, form)) if is_valid else None,
        "suggested": suggested,
        "archives": list_archives(organization=request.organization, at=request.at),
    }
    return render(request, "billing/archives/period.html", context, status=200 if is_valid else 422)


@organization_view(VIEW)
@require_safe
def archive(request: OrganizationRequest, archive_id: int) -> HttpResponse:
    """Show how far a file is; goes on by itself until it is ready."""
    row = get_archive(organization=request.organization, archive_id=archive_id, at=request.at)
    context = {"archive": row, "is_large": row.total >= LARGE}
    return render(request, "billing/archives/archive.html", context)


@organization_view(VIEW)
@require_safe
def download_archive(request: OrganizationRequest, archive_id: int) -> StreamingHttpResponse:
    """Send a file that is ready, piece by piece."""
    row = get_archive(organization=request.organization, archive_id=archive_id, at=request.at)
    return send(row)


def _ask(request: OrganizationRequest, form: PeriodForm) -> PeriodArchive:
    return ask_archive(
        organization=request.organization,
        first=form.cleaned_data["first"],
        last=form.cleaned_data["last"],
        language=get_language() or "en",
        actor=request.actor,
        at=request.at,
    )


def _period_of(request: OrganizationRequest, form: PeriodForm) -> Period:
    return Period(request.organization, form.cleaned_data["first"], form.cleaned_data["last"])
