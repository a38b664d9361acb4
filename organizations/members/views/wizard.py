"""The wizard of invitations: addresses, role, products and teams, mails, summary (ORG-7)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from manager.kit.errors import DomainError
from organizations.access.choices import find_product_choices
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.models import Level
from organizations.access.roles import Permission, Role
from organizations.members.forms import AccessForm, AddressesForm, RoleForm, TopicsForm
from organizations.members.rules import check_billing_givable
from organizations.members.selectors import find_known_addresses
from organizations.members.services import invite_members
from organizations.members.topics import Topic, effective_topics
from organizations.members.wizard import STEPS, Draft, drop_draft, load_draft, store_draft
from organizations.teams.selectors import list_team_choices

LABELS = {
    "": gettext_lazy("Addresses"),
    "role": gettext_lazy("Role"),
    "access": gettext_lazy("Access"),
    "contacts": gettext_lazy("Mails"),
    "summary": gettext_lazy("Summary"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.MEMBERS_MANAGE)
def invite(request: OrganizationRequest) -> HttpResponse:
    """Ask for the addresses; tell which stand there twice and which are members already."""
    draft = load_draft(request.session, request.organization.pk)
    _choose_team(request, draft)
    data = request.POST if request.method == "POST" else None
    form = AddressesForm(data, initial={"emails": "\n".join(draft.emails)})
    if form.is_valid():
        known = find_known_addresses(
            organization_id=request.organization.pk, emails=form.cleaned_data["emails"]
        )
        left = [email for email in form.cleaned_data["emails"] if email not in known.members]
        if left:
            draft.emails = left
            _tell(request, form.repeated, sorted(known.members), sorted(known.invited))
            return _go_on(request, draft, "")
        addresses = ", ".join(sorted(known.members))
        form.add_error("emails", _("Already a member: %(addresses)s") % {"addresses": addresses})
    return _show(request, draft, "", {"form": form}, data)


def _choose_team(request: OrganizationRequest, draft: Draft) -> None:
    """Put the team into the draft from whose page the person comes (ORG-12)."""
    teams = list_team_choices(organization_id=request.organization.pk) if "team" in request.GET else []
    for pk, _name in teams:
        if str(pk) == request.GET["team"] and pk not in draft.teams:
            draft.teams.append(pk)


def _tell(request: OrganizationRequest, repeated: list[str], members: list[str], invited: list[str]) -> None:
    notes = (
        (repeated, _("Given twice, invited once: %(addresses)s")),
        (members, _("Left out, as they are members already: %(addresses)s")),
        (invited, _("Invited already; they get a new link: %(addresses)s")),
    )
    for addresses, text in notes:
        if addresses:
            messages.info(request, text % {"addresses": ", ".join(addresses)})


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.MEMBERS_MANAGE)
def invite_step(request: OrganizationRequest, step: str) -> HttpResponse:
    """Show one of the further steps, once those before it are done."""
    if step not in STEPS:
        raise Http404
    draft = load_draft(request.session, request.organization.pk)
    if not draft.may_open(step):
        return redirect(_address(request, draft.next_open()))
    return _PAGES[step](request, draft)


def _role(request: OrganizationRequest, draft: Draft) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    initial = {"role": draft.role or Role.COLLABORATOR, "has_billing": draft.has_billing}
    form = RoleForm(data, giver_role=request.membership.role, initial=initial)
    if form.is_valid():
        try:
            if form.cleaned_data["has_billing"]:
                check_billing_givable(giver=request.membership)
        except DomainError as error:
            form.add_error(error.field, str(error.message))
        else:
            is_changed = (draft.role, draft.has_billing) != (
                form.cleaned_data["role"],
                form.cleaned_data["has_billing"],
            )
            draft.role, draft.has_billing = form.cleaned_data["role"], form.cleaned_data["has_billing"]
            if is_changed:
                # The mails follow from the rights unless chosen for them.
                draft.topics = None
            return _go_on(request, draft, "role")
    return _show(request, draft, "role", {"form": form}, data)


def _access(request: OrganizationRequest, draft: Draft) -> HttpResponse:
    organization_id = request.organization.pk
    data = request.POST if request.method == "POST" else None
    chosen = [
        f"family:{grant['family']}" if grant["family"] else f"product:{grant['product_id']}"
        for grant in draft.grants
    ]
    level = draft.grants[0]["level"] if draft.grants else Level.MANAGE
    form = AccessForm(data, initial={"grants": chosen, "teams": draft.teams, "level": level})
    form.offer(find_product_choices(organization_id), list_team_choices(organization_id=organization_id))
    if form.is_valid():
        draft.grants = form.chosen_grants() if draft.is_limited else []
        draft.teams = form.cleaned_data["teams"]
        return _go_on(request, draft, "access")
    marked = {str(value) for name in ("grants", "teams") for value in form[name].value() or []}
    return _show(request, draft, "access", {"form": form, "marked": marked}, data)


def _contacts(request: OrganizationRequest, draft: Draft) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    present = effective_topics(draft.topics, draft.role, has_billing=draft.has_billing)
    form = TopicsForm(data, initial={"topics": sorted(present)})
    if form.is_valid():
        topics = effective_topics(form.cleaned_data["topics"], draft.role, has_billing=draft.has_billing)
        draft.topics = sorted(topics)
        return _go_on(request, draft, "contacts")
    options = form.options(has_billing=draft.has_billing)
    return _show(request, draft, "contacts", {"form": form, "options": options}, data)


def _summary(request: OrganizationRequest, draft: Draft) -> HttpResponse:
    reason = ""
    status = 200
    if request.method == "POST":
        if request.POST.get("digest") != draft.digest:
            reason, status = _("Something was changed meanwhile. Please look at it once more."), 409
        else:
            try:
                return _send(request, draft)
            except DomainError as error:
                reason, status = str(error.message), error.status
    return _show_summary(request, draft, reason, status)


def _send(request: OrganizationRequest, draft: Draft) -> HttpResponse:
    organization_id = request.organization.pk
    sent = invite_members(
        organization_id=organization_id,
        emails=draft.emails,
        role=draft.role,
        has_billing=draft.has_billing,
        inviter=request.membership,
        actor=request.actor,
        at=request.at,
        gifts=draft.as_gifts(),
    )
    drop_draft(request.session, organization_id)
    note = ngettext(
        "%(count)d invitation is on its way.", "%(count)d invitations are on their way.", len(sent)
    )
    messages.success(request, note % {"count": len(sent)})
    return redirect("organizations:members", organization_id=organization_id)


def _show_summary(request: OrganizationRequest, draft: Draft, reason: str, status: int) -> HttpResponse:
    organization_id = request.organization.pk
    choices = find_product_choices(organization_id)
    teams = dict(list_team_choices(organization_id=organization_id))
    topics = effective_topics(draft.topics, draft.role, has_billing=draft.has_billing)
    more = {
        "reason": reason,
        "role": Role(draft.role).label,
        "products": [
            {
                "name": choices.name_of(family=grant["family"], product_id=grant["product_id"]),
                "level": Level(grant["level"]).label,
            }
            for grant in draft.grants
        ],
        "teams": [teams[pk] for pk in draft.teams if pk in teams],
        "topics": [topic.label for topic in Topic if topic in topics],
    }
    return _render(request, draft, "summary", more, status)


def _show(
    request: OrganizationRequest, draft: Draft, step: str, more: dict[str, Any], data: Any
) -> HttpResponse:
    return _render(request, draft, step, more, 200 if data is None else 422)


def _render(
    request: OrganizationRequest, draft: Draft, step: str, more: dict[str, Any], status: int
) -> HttpResponse:
    order = ["", *STEPS]
    here = order.index(step)
    steps = [
        {
            "label": LABELS[name],
            "state": "current" if name == step else "done" if number < here else "todo",
            "url": _address(request, name) if number < here else "",
        }
        for number, name in enumerate(order)
    ]
    back = _address(request, order[here - 1]) if here else ""
    context = {"draft": draft, "steps": steps, "step": step, "back": back, **more}
    template = f"organizations/members/invite/{step or 'addresses'}.html"
    return render(request, template, context, status=status)


def _go_on(request: OrganizationRequest, draft: Draft, step: str) -> HttpResponse:
    """Keep what was given, and lead to the step after `step`."""
    if step:
        draft.finish(step)
    store_draft(request.session, request.organization.pk, draft)
    order = ["", *STEPS]
    return redirect(_address(request, order[order.index(step) + 1]))


def _address(request: OrganizationRequest, step: str) -> str:
    organization_id = request.organization.pk
    if not step:
        return reverse("organizations:invite", args=[organization_id])
    return reverse("organizations:invite_step", args=[organization_id, step])


_PAGES: dict[str, Callable[[OrganizationRequest, Draft], HttpResponse]] = {
    "role": _role,
    "access": _access,
    "contacts": _contacts,
    "summary": _summary,
}
