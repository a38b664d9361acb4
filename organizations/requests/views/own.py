"""A member's own access: what there is, what is asked for, and asking for more (UI-6)."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from manager.kit.errors import DomainError, NotFound, Text
from organizations.access.choices import find_products, list_family_choices
from organizations.access.decisions import list_granting_names
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.models import Level
from organizations.access.roles import PERMISSION_LABELS, UNRESTRICTED, Permission
from organizations.grants.rules import Target
from organizations.grants.selectors import list_reach
from organizations.requests.cures import can_be_asked
from organizations.requests.forms import AskForm
from organizations.requests.selectors import list_own_requests, name_requests
from organizations.requests.services import ask_access, withdraw_request


@require_safe
@organization_view(Permission.MEMBERSHIP_OWN)
def my_access(request: OrganizationRequest) -> HttpResponse:
    """Show the person's own role, teams, grants and requests."""
    organization_id = request.organization.pk
    reach = list_reach(membership=request.membership, at=request.at)
    scope = request.product_scope
    own = list_own_requests(membership=request.membership)
    context = {
        "reach": reach,
        "sees_everything": request.membership.role in UNRESTRICTED,
        "requests": name_requests(organization_id=organization_id, requests=own),
        "more_families": [
            (slug, name)
            for slug, name in list_family_choices()
            if not scope.everything and slug not in scope.managed_families
        ],
    }
    return render(request, "organizations/requests/my_access.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.MEMBERSHIP_OWN)
def ask(request: OrganizationRequest) -> HttpResponse:
    """Ask for a right, a product or a family; who can give it is told by mail."""
    is_post = request.method == "POST"
    form = AskForm(request.POST if is_post else request.GET)
    is_valid = form.is_valid()
    asked = form.asked()
    if not is_post and not asked["permission"] and asked["target"] == Target():
        return redirect("organizations:my_access", organization_id=request.organization.pk)
    what = _name(request, asked["permission"], asked["target"])
    reason: Text = ""
    if is_post and is_valid:
        try:
            ask_access(
                membership=request.membership,
                message=form.cleaned_data["message"],
                actor=request.actor,
                at=request.at,
                **asked,
            )
        except DomainError as error:
            if error.status == 404:
                raise
            reason = error.message
        else:
            messages.success(request, _("You have asked for it. You get a mail with the answer."))
            return redirect("organizations:my_access", organization_id=request.organization.pk)
    context: dict[str, Any] = {
        "form": form,
        "asked": asked,
        "what": what,
        "level": Level(asked["level"]).label if asked["level"] else "",
        "reason": reason,
        "granted_by": list_granting_names(
            organization_id=request.organization.pk, permission=asked["permission"]
        ),
    }
    status = 409 if reason else 422 if is_post else 200
    return render(request, "organizations/requests/ask.html", context, status=status)


def _name(request: OrganizationRequest, permission: str, target: Target) -> Text:
    """Return what is asked for in words.

    :raises NotFound: it is not there, or not for this member.
    """
    if permission:
        if not can_be_asked(permission):
            raise NotFound
        return PERMISSION_LABELS[Permission(permission)]
    if target.family:
        name = dict(list_family_choices()).get(target.family)
        if name is None:
            raise NotFound
        return name
    found = find_products(request.organization.pk, ids=[target.product_id]) if target.product_id else []
    if not found or not request.product_scope.may_view(found[0].id, found[0].family):
        raise NotFound
    return found[0].name


@require_POST
@organization_view(Permission.MEMBERSHIP_OWN)
def withdraw(request: OrganizationRequest, request_id: int) -> HttpResponse:
    """Take back an own request."""
    withdraw_request(
        organization_id=request.organization.pk,
        request_id=request_id,
        membership=request.membership,
        actor=request.actor,
        at=request.at,
    )
    messages.success(request, _("Your request is withdrawn."))
    return redirect("organizations:my_access", organization_id=request.organization.pk)
