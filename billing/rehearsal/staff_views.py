"""The back office's list of charges that will fail."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.sessions.staff import StaffRequest, staff_view
from billing.rehearsal.forms import FindingFilter
from billing.rehearsal.selectors import list_findings_of_all
from billing.rehearsal.services import rehearse
from billing.runs.rights import FOLLOW_RUNS
from manager.kit.ids import MOST_SELECTED, parse_id
from manager.kit.keyset import NEWEST, paginate
from manager.kit.scope import tenant_scope
from organizations.profile.models import Organization


@require_safe
@staff_view(FOLLOW_RUNS)
def findings(request: StaffRequest) -> HttpResponse:
    """List what the rehearsals of all organizations found, newest first."""
    filters = FindingFilter(request.GET)
    filters.is_valid()
    wanted = {
        "reason": filters.cleaned_data.get("reason", ""),
        "search": filters.cleaned_data.get("q", ""),
    }
    page = paginate(
        list_findings_of_all(**wanted),
        key=NEWEST,
        descending=True,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "page": page,
        "wanted": wanted,
        "is_filtered": any(wanted.values()),
        "reasons": list(filters.fields["reason"].choices),  # type: ignore[attr-defined]  # a choice field
    }
    return render(request, "billing/rehearsal/findings.html", context)


@require_POST
@staff_view(FOLLOW_RUNS)
def check(request: StaffRequest) -> HttpResponse:
    """Rehearse the organizations of the selected findings again, now."""
    ids = [parse_id(value) for value in request.POST.getlist("selected")[:MOST_SELECTED]]
    chosen = list_findings_of_all().filter(pk__in=[number for number in ids if number is not None])
    owners = sorted(set(chosen.values_list("organization_id", flat=True)))
    for owner in owners:
        with tenant_scope(owner):
            rehearse(organization=Organization.objects.get(pk=owner), at=request.at)
    if owners:
        text = ngettext(
            "%(count)d organization was looked at again.",
            "%(count)d organizations were looked at again.",
            len(owners),
        )
        messages.success(request, text % {"count": len(owners)})
    else:
        messages.info(request, _("Nothing was selected."))
    return redirect("billing:staff_findings")
