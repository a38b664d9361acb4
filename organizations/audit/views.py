"""The page of the audit log."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from organizations.audit.forms import AuditFilterForm
from organizations.audit.labels import label_of
from organizations.audit.selectors import list_actors, list_audit, list_event_names, page_of


@require_safe
@organization_view(Permission.AUDIT_VIEW)
def audit(request: OrganizationRequest) -> HttpResponse:
    """Show who did what, when and from where, newest first (ORG-16)."""
    filters = AuditFilterForm(request.GET)
    filters.is_valid()
    wanted = filters.wanted()
    events = list_audit(organization=request.organization, **wanted)
    page = page_of(events, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    names = list_event_names(organization=request.organization)
    context = {
        "page": page,
        "rows": [(event, label_of(event.name)) for event in page.rows],
        "filters": filters,
        "wanted": wanted,
        "names": [("", _("All events")), *((name, label_of(name)) for name in names)],
        "actors": [("", _("All people")), *list_actors(organization=request.organization)],
        "is_filtered": any(value not in ("", None) for value in wanted.values()),
    }
    return render(request, "organizations/audit/audit.html", context)
