"""The pages of the audit log."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from manager.kit.downloads import give_table
from manager.kit.keyset import NEWEST, paginate
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from organizations.audit.amounts import details_of
from organizations.audit.chain import verify_chain
from organizations.audit.export import export_audit
from organizations.audit.forms import AuditFilterForm
from organizations.audit.labels import label_of
from organizations.audit.models import AuditEvent
from organizations.audit.selectors import (
    get_audit_event,
    list_actors,
    list_audit,
    list_event_names,
    list_for_export,
)
from organizations.audit.subjects import find_subjects


@require_safe
@organization_view(Permission.AUDIT_VIEW)
def audit(request: OrganizationRequest) -> HttpResponse:
    """Show who did what, when and from where, newest first (ORG-16)."""
    filters, wanted = _read_filter(request)
    events = list_audit(organization=request.organization, **wanted)
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page = paginate(events, key=NEWEST, descending=True, after=after, before=before)
    names = list_event_names(organization=request.organization)
    context = {
        "page": page,
        "rows": [
            (event, label_of(event.name), subject)
            for event, subject in zip(page.rows, find_subjects(request, page.rows), strict=True)
        ],
        "filters": filters,
        "wanted": wanted,
        "names": [("", _("All events")), *((name, label_of(name)) for name in names)],
        "actors": [("", _("All people")), *list_actors(organization=request.organization)],
        "is_filtered": any(value not in ("", None) for value in wanted.values()),
    }
    return render(request, "organizations/audit/audit.html", context)


@require_safe
@organization_view(Permission.AUDIT_VIEW)
def event(request: OrganizationRequest, event_id: int) -> HttpResponse:
    """Show all that is known of one act."""
    try:
        found = get_audit_event(organization=request.organization, event_id=event_id)
    except (AuditEvent.DoesNotExist, OverflowError) as missing:
        raise Http404 from missing
    (subject,) = find_subjects(request, [found])
    context = {
        "event": found,
        "label": label_of(found.name),
        "subject": subject,
        "details": details_of(found, currency=request.organization.currency),
    }
    return render(request, "organizations/audit/event.html", context)


@require_safe
@organization_view(Permission.AUDIT_VIEW)
def export(request: OrganizationRequest) -> HttpResponse:
    """Give what the filter shows as a table for spreadsheets, at most the newest 20,000 events."""
    _filters, wanted = _read_filter(request)
    events = list_audit(organization=request.organization, **wanted)
    table = export_audit(list_for_export(events), currency=request.organization.currency)
    return give_table(table, name="activity")


@require_safe
@organization_view(Permission.AUDIT_VIEW)
def check(request: OrganizationRequest) -> HttpResponse:
    """Prove the chain of seals now and tell what was found."""
    report = verify_chain(organization_id=request.organization.pk)
    return render(request, "organizations/audit/check.html", {"report": report})


def _read_filter(request: OrganizationRequest) -> tuple[AuditFilterForm, dict[str, Any]]:
    filters = AuditFilterForm(request.GET)
    filters.is_valid()
    return filters, filters.wanted()
