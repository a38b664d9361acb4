"""A person's organizations: the list, the switcher, switching."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.sessions.guards import PersonRequest, person_view
from manager.kit.keyset import paginate
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from organizations.members.rules import LastRepresentative
from organizations.members.selectors import BY_USE, is_only_representative, list_memberships_of
from organizations.profile.sections import LONGEST, find_section
from organizations.profile.services import switch_organization
from organizations.profile.switcher import describe
from organizations.summaries.selectors import alerts_for, find_summary

SEARCH_LENGTH = 100


@require_safe
@person_view
def mine(request: PersonRequest) -> HttpResponse:
    """List the person's organizations, with *switch* and *leave* (ORG-2)."""
    q = request.GET.get("q", "").replace("\x00", "").strip()[:SEARCH_LENGTH]
    memberships = list_memberships_of(user=request.user)
    found = memberships.filter(organization__name__icontains=q) if q else memberships
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page = paginate(found, key=BY_USE, descending=True, after=after, before=before)
    rows = [_row(membership) for membership in page.rows]
    return render(request, "organizations/profile/mine.html", {"page": page, "rows": rows, "q": q})


def _row(membership: Any) -> dict[str, Any]:
    summary = find_summary(membership)
    # Unknown until it was counted; the page that asks before leaving looks for itself.
    leaders = summary.representatives if summary is not None else None
    is_bound = leaders is not None and is_only_representative(membership, representatives=leaders)
    return {
        "membership": membership,
        "alerts": alerts_for(membership),
        "leave_reason": LastRepresentative.message if is_bound else "",
    }


@require_safe
@person_view
def switcher(request: PersonRequest) -> HttpResponse:
    """Give the whole list of the switcher, which a page with few of them asks for when it is opened."""
    present = request.GET.get("current", "")
    section = request.GET.get("section", "")[:LONGEST]
    memberships = list_memberships_of(user=request.user)
    entries = [describe(row, is_current=str(row.organization_id) == present) for row in memberships]
    context = {"organizations": entries, "section": section}
    return render(request, "organizations/profile/switcher.html", context)


@require_POST
@organization_view(Permission.MEMBERSHIP_OWN)
def switch(request: OrganizationRequest) -> HttpResponse:
    """Go to an organization, to the section that the person is in, and remember it as last used (ORG-1)."""
    switch_organization(membership=request.membership, at=request.at)
    section = request.POST.get("section", "")
    return redirect(find_section(organization_id=request.organization.pk, section=section, can=request.can))
