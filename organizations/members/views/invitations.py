"""Pages of invitations: send, send again, withdraw, accept (ORG-7)."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.sessions.guards import actor_of
from accounts.sessions.limits import MINUTE, rate_limited
from manager.kit.clock import now
from manager.kit.errors import NotFound
from manager.kit.requests import public
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from organizations.members.selectors import get_invitation_by_key, get_open_invitation
from organizations.members.services import (
    accept_invitation,
    resend_invitation,
    withdraw_invitation,
)
from organizations.members.services.accept import InvitationExpired, check_acceptable

KEY_LENGTH = 200


@require_POST
@organization_view(Permission.MEMBERS_MANAGE)
def resend(request: OrganizationRequest, invitation_id: int) -> HttpResponse:
    """Mail an invitation again."""
    invitation = resend_invitation(
        organization_id=request.organization.pk,
        invitation_id=invitation_id,
        inviter=request.membership,
        actor=request.actor,
        at=request.at,
    )
    messages.success(
        request, _("The invitation to %(address)s is sent again.") % {"address": invitation.email}
    )
    return redirect("organizations:members", organization_id=request.organization.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.MEMBERS_MANAGE)
def withdraw(request: OrganizationRequest, invitation_id: int) -> HttpResponse:
    """Ask, then end an open invitation."""
    organization_id = request.organization.pk
    invitation = get_open_invitation(organization_id=organization_id, invitation_id=invitation_id)
    if request.method != "POST":
        return render(request, "organizations/members/withdraw.html", {"invitation": invitation})
    withdraw_invitation(
        organization_id=organization_id, invitation_id=invitation_id, actor=request.actor, at=request.at
    )
    messages.success(
        request, _("The invitation to %(address)s is withdrawn.") % {"address": invitation.email}
    )
    return redirect("organizations:members", organization_id=organization_id)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limited("invitation", limit=120, window_seconds=15 * MINUTE)
def accept(request: HttpRequest, key: str) -> HttpResponse:
    """Show an invitation to who has its link; accept it, once signed in with the invited address."""
    key = key[:KEY_LENGTH].replace("\x00", "")
    at = now()
    invitation = get_invitation_by_key(key=key)
    user = request.user
    if request.method == "POST" and user.is_authenticated:
        membership = accept_invitation(key=key, user=user, actor=actor_of(request, user), at=at)
        messages.success(request, _("Welcome to %(name)s.") % {"name": invitation.organization.name})
        return redirect("shell:home", organization_id=membership.organization_id)
    try:
        check_acceptable(invitation, at)
    except InvitationExpired:
        context = {"invitation": invitation}
        return render(request, "organizations/members/accept_expired.html", context, status=410)
    except NotFound:
        # Accepted already: who did it finds the organization in the switcher.
        return redirect("organizations:mine")
    query = urlencode({"next": request.path})
    return render(
        request,
        "organizations/members/accept.html",
        {
            "invitation": invitation,
            "fits": user.is_authenticated and user.email == invitation.email,
            "sign_in_url": f"{reverse('accounts:sign_in')}?{query}",
            "register_url": f"{reverse('organizations:register')}?{urlencode({'invitation': key})}",
        },
    )
