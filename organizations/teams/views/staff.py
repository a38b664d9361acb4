"""Pages that take members into a team and out of it (ORG-12)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from manager.kit.errors import NotFound
from manager.kit.ids import require_ids
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from organizations.teams.forms import SearchForm
from organizations.teams.rules import check_may_staff
from organizations.teams.selectors import get_team, list_outsiders, list_places_by_membership
from organizations.teams.services import add_to_team, remove_from_team

MOST_OFFERED = 50


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.MEMBERS_VIEW)
def add(request: OrganizationRequest, team_id: int) -> HttpResponse:
    """Offer the members who are not in the team yet; take the chosen ones in."""
    organization_id = request.organization.pk
    shown = get_team(organization_id=organization_id, team_id=team_id)
    check_may_staff(team=shown, membership=request.membership)
    error = ""
    if request.method == "POST":
        if chosen := require_ids(request.POST.getlist("selected")):
            return _add(request, team_id, chosen)
        error = _("Please choose at least one member.")
    search = SearchForm(request.GET).wanted()
    people = list_outsiders(team=shown, search=search, limit=MOST_OFFERED + 1)
    context = {
        "team": shown,
        "people": people[:MOST_OFFERED],
        "has_more": len(people) > MOST_OFFERED,
        "search": search,
        "error": error,
        "can_invite": Permission.MEMBERS_MANAGE in request.can,
    }
    return render(request, "organizations/teams/add.html", context, status=422 if error else 200)


def _add(request: OrganizationRequest, team_id: int, chosen: set[int]) -> HttpResponse:
    added = add_to_team(
        organization_id=request.organization.pk,
        team_id=team_id,
        membership_ids=chosen,
        adder=request.membership,
        actor=request.actor,
        at=request.at,
    )
    note = ngettext(
        "%(count)d member is in the team now.", "%(count)d members are in the team now.", len(added)
    )
    messages.success(request, note % {"count": len(added)})
    return redirect("organizations:team", organization_id=request.organization.pk, team_id=team_id)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.MEMBERS_VIEW)
def remove(request: OrganizationRequest, team_id: int) -> HttpResponse:
    """Ask, then take the selected members out of the team."""
    organization_id = request.organization.pk
    shown = get_team(organization_id=organization_id, team_id=team_id)
    check_may_staff(team=shown, membership=request.membership)
    given = request.POST if request.method == "POST" else request.GET
    ids = require_ids(given.getlist("selected"))
    places = list_places_by_membership(team=shown, membership_ids=ids)
    if not places or len(places) != len(ids):
        raise NotFound
    if request.method != "POST" or "confirmed" not in request.POST:
        return render(request, "organizations/teams/remove.html", {"team": shown, "places": places})
    removed = remove_from_team(
        organization_id=organization_id,
        team_id=team_id,
        membership_ids=ids,
        remover=request.membership,
        actor=request.actor,
        at=request.at,
    )
    note = ngettext(
        "%(count)d member has left the team.", "%(count)d members have left the team.", len(removed)
    )
    messages.success(request, note % {"count": len(removed)})
    return redirect("organizations:team", organization_id=organization_id, team_id=team_id)
