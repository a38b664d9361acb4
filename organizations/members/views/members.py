"""Pages of members: one member, removal, leaving."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from manager.kit.errors import DomainError, NotFound, Text
from manager.kit.ids import require_ids
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import GIVES, UNRESTRICTED, Permission
from organizations.access.selectors import list_grants
from organizations.members.forms import RoleForm, TopicsForm
from organizations.members.models import Membership
from organizations.members.rules import LastRepresentative, RoleNotGivable
from organizations.members.selectors import (
    count_representatives,
    get_member,
    is_only_representative,
    list_members_by_id,
)
from organizations.members.services import (
    change_role,
    leave_organization,
    remove_members,
)
from organizations.members.topics import effective_topics
from organizations.teams.selectors import find_teams_of


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.MEMBERS_MANAGE)
def member(request: OrganizationRequest, membership_id: int) -> HttpResponse:
    """Show one member; change the role and the billing right."""
    person = get_member(organization_id=request.organization.pk, membership_id=membership_id)
    data = request.POST if request.method == "POST" else None
    form = RoleForm(
        data,
        giver_role=request.membership.role,
        initial={"role": person.role, "has_billing": person.has_billing},
    )
    if form.is_valid() and _change(request, person, form):
        messages.success(request, _("The rights of %(name)s are saved.") % {"name": person.user.name})
        return redirect("organizations:members", organization_id=request.organization.pk)
    return _show_member(request, person, form, status=200 if data is None else 422)


def _change(request: OrganizationRequest, person: Membership, form: RoleForm) -> bool:
    try:
        change_role(
            organization_id=request.organization.pk,
            membership_id=person.pk,
            role=form.cleaned_data["role"],
            has_billing=form.cleaned_data["has_billing"],
            changer=request.membership,
            actor=request.actor,
            at=request.at,
        )
    except DomainError as error:
        form.add_error(error.field, str(error.message))
        return False
    return True


def _show_member(
    request: OrganizationRequest, person: Membership, form: RoleForm, *, status: int
) -> HttpResponse:
    organization_id = request.organization.pk
    may_change = person.role in GIVES[request.membership.role]
    representatives = count_representatives(organization_id=organization_id)
    teams = find_teams_of(organization_id=organization_id, membership_ids=[person.pk])
    topics = effective_topics(person.topics, person.role, has_billing=person.has_billing)
    topics_form = TopicsForm(initial={"topics": sorted(topics)})
    context = {
        "person": person,
        "options": topics_form.options(has_billing=person.has_billing),
        "topics_form": topics_form,
        "form": form,
        "may_change": may_change,
        "removal_reason": _removal_reason(person, may_change=may_change, representatives=representatives),
        "is_limited": person.role not in UNRESTRICTED,
        "grants": list_grants(organization_id=organization_id, membership_id=person.pk, at=request.at),
        "teams": teams.get(person.pk, []),
        "can_manage": may_change,
    }
    return render(request, "organizations/members/member.html", context, status=status)


def _removal_reason(person: Membership, *, may_change: bool, representatives: int) -> Text:
    if is_only_representative(person, representatives=representatives):
        return LastRepresentative.message
    return "" if may_change else RoleNotGivable.message


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.MEMBERS_MANAGE)
def remove(request: OrganizationRequest) -> HttpResponse:
    """Ask, then remove the selected members (ORG-10)."""
    organization_id = request.organization.pk
    given = request.POST if request.method == "POST" else request.GET
    ids = require_ids(given.getlist("selected"))
    people = list_members_by_id(organization_id=organization_id, ids=ids)
    if not people or len(people) != len(ids):
        raise NotFound
    if request.method != "POST" or "confirmed" not in request.POST:
        return render(request, "organizations/members/remove.html", {"people": people})

    def act() -> None:
        remove_members(
            organization_id=organization_id,
            membership_ids=ids,
            remover=request.membership,
            actor=request.actor,
            at=request.at,
        )

    count = len(people)
    note = ngettext("%(count)d member is removed.", "%(count)d members are removed.", count) % {
        "count": count
    }
    return _act_or_explain(request, act, note, "organizations/members/remove.html", {"people": people})


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.MEMBERSHIP_OWN)
def leave(request: OrganizationRequest) -> HttpResponse:
    """Ask, then end the person's own membership; tell why where it cannot end (ORG-2)."""
    template = "organizations/members/leave.html"
    representatives = count_representatives(organization_id=request.organization.pk)
    context = {"is_refused": is_only_representative(request.membership, representatives=representatives)}
    if request.method != "POST":
        return render(request, template, context)

    def act() -> None:
        leave_organization(membership=request.membership, actor=request.actor, at=request.at)

    note = _("You have left %(name)s.") % {"name": request.organization.name}
    return _act_or_explain(request, act, note, template, {"is_refused": True}, to="organizations:mine")


def _act_or_explain(
    request: OrganizationRequest,
    act: Callable[[], None],
    note: str,
    template: str,
    context: dict[str, Any],
    *,
    to: str = "",
) -> HttpResponse:
    """Do it and go on, or show the question again with the reason why not."""
    try:
        act()
    except DomainError as error:
        if error.status == 404:
            raise
        return render(request, template, {**context, "reason": error.message}, status=error.status)
    messages.success(request, note)
    if to:
        return redirect(to)
    return redirect("organizations:members", organization_id=request.organization.pk)
