"""The back office's pages of the engine's runs and of the quarantine."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.sessions.staff import StaffRequest, staff_view
from billing.runs.forms import QuarantineFilter, RunFilter
from billing.runs.models import Run
from billing.runs.rights import FOLLOW_RUNS
from billing.runs.selectors import (
    RUNNING,
    WAITING,
    count_quarantined,
    list_last_runs,
    list_quarantine,
    list_runs,
    name_rows,
)
from billing.runs.services import release_rows
from billing.runs.words import describe_failure
from manager.kit.ids import MOST_SELECTED, parse_id
from manager.kit.keyset import NEWEST, paginate


@require_safe
@staff_view(FOLLOW_RUNS)
def runs(request: StaffRequest) -> HttpResponse:
    """List the reports of all runs, newest first, with the latest of each kind above."""
    filters = RunFilter(request.GET)
    filters.is_valid()
    given = filters.cleaned_data
    wanted = {name: given.get(name) or None for name in ("since", "until")}
    chosen = {name: given.get(name, "") for name in ("kind", "state")}
    page = paginate(
        list_runs(
            at=request.at,
            kind=chosen["kind"],
            state=chosen["state"],
            since=wanted["since"],
            until=wanted["until"],
        ),
        key=NEWEST,
        descending=True,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    last = list_last_runs()
    context = {
        "page": page,
        "rows": [(run, run.state(request.at)) for run in page.rows],
        "last": [(run, run.state(request.at)) for run in last],
        "wanted": chosen | wanted,
        "is_filtered": any((chosen | wanted).values()),
        "kinds": list(filters.fields["kind"].choices),  # type: ignore[attr-defined]  # a choice field
        "states": list(filters.fields["state"].choices),  # type: ignore[attr-defined]  # a choice field
        "is_running": any(run.state(request.at) == RUNNING for run in [*last, *page.rows]),
        "quarantined": sum(count_quarantined().values()),
    }
    return render(request, "billing/runs/runs.html", context)


@require_safe
@staff_view(FOLLOW_RUNS)
def run(request: StaffRequest, run_id: int) -> HttpResponse:
    """Show one run; the page goes on by itself while it runs."""
    found = get_object_or_404(Run, pk=run_id)
    counts = [
        (_("Planned"), found.planned),
        (_("Charged"), found.charged),
        (_("Sent"), found.sent),
        (_("Checked"), found.checked),
        (_("Failed"), found.failed),
        (_("Left out"), found.skipped),
    ]
    context = {
        "run": found,
        "state": found.state(request.at),
        "counts": [(label, number) for label, number in counts if number],
        "reasons": [
            (kind, describe_failure(kind), number)
            for kind, number in sorted(found.reasons.items(), key=lambda one: -one[1])
        ],
    }
    return render(request, "billing/runs/run.html", context)


@require_safe
@staff_view(FOLLOW_RUNS)
def quarantine(request: StaffRequest) -> HttpResponse:
    """List what the runs leave out because it fails again and again."""
    filters = QuarantineFilter(request.GET)
    filters.is_valid()
    given = filters.cleaned_data
    wanted = {
        "kind": given.get("kind", ""),
        "state": given.get("state") or WAITING,
        "search": given.get("q", ""),
    }
    page = paginate(
        list_quarantine(**wanted),
        key=NEWEST,
        descending=True,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "page": page,
        "lines": name_rows(page.rows),
        "wanted": wanted,
        "is_filtered": bool(wanted["kind"] or wanted["search"] or wanted["state"] != WAITING),
        "can_release": wanted["state"] == WAITING,
        "kinds": list(filters.fields["kind"].choices),  # type: ignore[attr-defined]  # a choice field
        "states": list(filters.fields["state"].choices),  # type: ignore[attr-defined]  # a choice field
    }
    return render(request, "billing/runs/quarantine.html", context)


@require_POST
@staff_view(FOLLOW_RUNS)
def release(request: StaffRequest) -> HttpResponse:
    """Let the selected rows be tried again by the next run."""
    ids = [parse_id(value) for value in request.POST.getlist("selected")[:MOST_SELECTED]]
    chosen = [number for number in ids if number is not None]
    done = release_rows(row_ids=chosen, actor=request.actor, at=request.at)
    if done:
        text = ngettext(
            "The next run tries %(count)d row again.", "The next run tries %(count)d rows again.", done
        )
        messages.success(request, text % {"count": done})
    else:
        messages.info(request, _("Nothing was selected that waits in quarantine."))
    return redirect("billing:staff_quarantine")
