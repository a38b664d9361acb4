"""Pages of teams: the list, one team, create, change, delete."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from manager.kit.errors import DomainError
from manager.kit.ids import require_id
from manager.kit.keyset import paginate
from manager.kit.requests import posted
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from organizations.access.selectors import list_grants
from organizations.teams.forms import SearchForm, TeamForm
from organizations.teams.rules import LeaderNotAllowed, may_staff
from organizations.teams.selectors import (
    BY_JOINING,
    BY_NAME,
    get_team,
    list_invited,
    list_places,
    list_teams,
)
from organizations.teams.services import create_team, delete_team, edit_team, name_leader


@require_safe
@organization_view(Permission.MEMBERS_VIEW)
def teams(request: OrganizationRequest) -> HttpResponse:
    """List the teams with how many members and grants each has (ORG-12)."""
    search = SearchForm(request.GET).wanted()
    rows = list_teams(organization_id=request.organization.pk, at=request.at, search=search)
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page = paginate(rows, key=BY_NAME, after=after, before=before)
    context = {"page": page, "search": search, "can_manage": Permission.MEMBERS_MANAGE in request.can}
    return render(request, "organizations/teams/teams.html", context)


@require_safe
@organization_view(Permission.MEMBERS_VIEW)
def team(request: OrganizationRequest, team_id: int) -> HttpResponse:
    """Show one team: its members, what is granted to it, who is invited into it."""
    organization_id = request.organization.pk
    shown = get_team(organization_id=organization_id, team_id=team_id)
    search = SearchForm(request.GET).wanted()
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page = paginate(list_places(team=shown, search=search), key=BY_JOINING, after=after, before=before)
    context = {
        "team": shown,
        "page": page,
        "search": search,
        "grants": list_grants(organization_id=organization_id, team_id=shown.pk, at=request.at),
        "invited": list_invited(team=shown),
        "can_manage": Permission.MEMBERS_MANAGE in request.can,
        "may_staff": may_staff(team=shown, membership=request.membership),
    }
    return render(request, "organizations/teams/team.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.MEMBERS_MANAGE)
def create(request: OrganizationRequest) -> HttpResponse:
    """Create a team."""
    form = TeamForm(posted(request))
    if form.is_valid():
        try:
            made = create_team(
                organization_id=request.organization.pk,
                actor=request.actor,
                at=request.at,
                **form.cleaned_data,
            )
        except DomainError as error:
            form.add_error(error.field, str(error.message))
        else:
            messages.success(request, _("The team %(name)s is created.") % {"name": made.name})
            return _to_team(request, made.pk)
    context = {"form": form}
    return render(request, "organizations/teams/create.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.MEMBERS_MANAGE)
def edit(request: OrganizationRequest, team_id: int) -> HttpResponse:
    """Give a team another name or colour."""
    organization_id = request.organization.pk
    shown = get_team(organization_id=organization_id, team_id=team_id)
    form = TeamForm(posted(request), initial={"name": shown.name, "color": shown.color})
    if form.is_valid():
        try:
            edit_team(
                organization_id=organization_id,
                team_id=team_id,
                actor=request.actor,
                at=request.at,
                **form.cleaned_data,
            )
        except DomainError as error:
            form.add_error(error.field, str(error.message))
        else:
            messages.success(request, _("The team is saved."))
            return _to_team(request, team_id)
    context = {"form": form, "team": shown}
    return render(request, "organizations/teams/edit.html", context, status=422 if form.is_bound else 200)


@require_POST
@organization_view(Permission.MEMBERS_MANAGE)
def leader(request: OrganizationRequest, team_id: int) -> HttpResponse:
    """Let a member lead the team; without one, nobody does."""
    wanted = request.POST.get("leader", "")
    try:
        changed = name_leader(
            organization_id=request.organization.pk,
            team_id=team_id,
            leader_id=require_id(wanted) if wanted else None,
            actor=request.actor,
            at=request.at,
        )
    except LeaderNotAllowed as error:
        messages.error(request, str(error.message))
        return _to_team(request, team_id)
    if changed.leader:
        note = _("%(name)s leads the team now.") % {"name": changed.leader.user.name}
    else:
        note = _("Nobody leads the team now.")
    messages.success(request, note)
    return _to_team(request, team_id)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.MEMBERS_MANAGE)
def delete(request: OrganizationRequest, team_id: int) -> HttpResponse:
    """Tell what access ends, then delete the team."""
    organization_id = request.organization.pk
    shown = get_team(organization_id=organization_id, team_id=team_id)
    if request.method != "POST":
        context = {
            "team": shown,
            "members": list_places(team=shown).count(),
            "grants": list_grants(organization_id=organization_id, team_id=shown.pk, at=request.at),
        }
        return render(request, "organizations/teams/delete.html", context)
    delete_team(organization_id=organization_id, team_id=team_id, actor=request.actor, at=request.at)
    messages.success(request, _("The team %(name)s is deleted.") % {"name": shown.name})
    return redirect("organizations:teams", organization_id=organization_id)


def _to_team(request: OrganizationRequest, team_id: int) -> HttpResponse:
    return redirect("organizations:team", organization_id=request.organization.pk, team_id=team_id)
