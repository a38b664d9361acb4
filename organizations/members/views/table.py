"""The table of joined and invited people, and the same for spreadsheets."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from manager.kit.downloads import give_table
from manager.kit.keyset import paginate
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from organizations.members.export import people_as_csv
from organizations.members.forms import FilterForm
from organizations.members.models import Invitation
from organizations.members.selectors import MEMBER_ORDERS, list_invitations, list_members, with_details
from organizations.members.services.invite import MOST_OPEN

DEFAULT_ORDER = "joined"


@require_safe
@organization_view(Permission.MEMBERS_VIEW)
def members(request: OrganizationRequest) -> HttpResponse:
    """List joined and invited people in one table: filters, search, order, pages."""
    chosen = _Chosen(request)
    page = paginate(
        with_details(chosen.members()),
        key=MEMBER_ORDERS[chosen.order.removeprefix("-")],
        descending=chosen.order.startswith("-"),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    # Who is invited stands at the top of the first page.
    invitations = [] if page.previous else chosen.invitations()
    context = {
        "page": page,
        "invitations": [(row, row.is_expired(request.at)) for row in invitations],
        "filters": chosen.form,
        "wanted": chosen.wanted,
        "state": chosen.state,
        "lacks_factor": chosen.lacks_factor,
        "everybody": not chosen.wanted["has_billing"] and not chosen.lacks_factor,
        "can_manage": chosen.can_manage,
    }
    return render(request, "organizations/members/members.html", context)


@require_safe
@organization_view(Permission.MEMBERS_MANAGE)
def export(request: OrganizationRequest) -> HttpResponse:
    """Give the chosen people as a table for spreadsheets, guarded against formulas (INC-31)."""
    chosen = _Chosen(request)
    file = people_as_csv(
        members=with_details(chosen.members()).order_by("created_at", "id"),
        invitations=chosen.invitations(),
        at=request.at,
    )
    return give_table(file, name="members")


class _Chosen:
    """What the filter of a request asks for; who does not manage members cannot ask for second factors."""

    def __init__(self, request: OrganizationRequest) -> None:
        self.request = request
        self.form = FilterForm(request.GET)
        self.form.is_valid()
        data = self.form.cleaned_data
        self.wanted: dict[str, Any] = self.form.wanted()
        self.state = data.get("state", "")
        self.can_manage = Permission.MEMBERS_MANAGE in request.can
        self.lacks_factor = bool(data.get("factor")) and self.can_manage
        sort = data.get("sort", "")
        is_known = sort.removeprefix("-") in MEMBER_ORDERS and (self.can_manage or "seen" not in sort)
        self.order = sort if is_known else DEFAULT_ORDER

    def members(self) -> Any:
        """Return the members who match."""
        found = list_members(
            organization=self.request.organization, lacks_factor=self.lacks_factor, **self.wanted
        )
        return found if self.state in {"", "member"} else found.none()

    def invitations(self) -> list[Invitation]:
        """Return the invitations that match; who is invited has no second factor that counts here."""
        if self.state == "member" or self.lacks_factor:
            return []
        found = list_invitations(organization=self.request.organization, **self.wanted)
        if self.state == "expired":
            found = found.filter(expires_at__lte=self.request.at)
        elif self.state == "invited":
            found = found.filter(expires_at__gt=self.request.at)
        return list(found.prefetch_related("team_places__team")[:MOST_OPEN])
