"""The organization's page of support access (ORG-15)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from manager.kit.errors import NotFound, Text
from manager.kit.keyset import NEWEST, paginate
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from organizations.support.forms import GiveForm
from organizations.support.models import SupportKind
from organizations.support.selectors import list_open_access, list_past_access, list_uses
from organizations.support.services import give_support_access, revoke_support_access
from organizations.support.services.give import LASTS, SupportAlreadyOpen
from organizations.support.services.journal import USED

MOST_USES = 20

DESCRIPTIONS: dict[SupportKind, Text] = {
    SupportKind.MAIL: gettext_lazy("Mail services, seen and changed"),
    SupportKind.FILES: gettext_lazy("Drives and file transfers, seen and changed"),
    SupportKind.CHAT: gettext_lazy("Chat and meetings, seen and changed"),
    SupportKind.ACCOUNT: gettext_lazy("All products, members and activity, only seen"),
}


@require_safe
@organization_view(Permission.ORGANIZATION_MANAGE)
def support_access(request: OrganizationRequest) -> HttpResponse:
    """Show to what support has access, since when, until when, and what it did with it."""
    organization_id = request.organization.pk
    open_ones = {row.kind: row for row in list_open_access(organization_id=organization_id, at=request.at)}
    page = paginate(
        list_past_access(organization_id=organization_id, at=request.at),
        key=NEWEST,
        descending=True,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {
        "kinds": [
            {
                "kind": kind,
                "label": kind.label,
                "description": DESCRIPTIONS[kind],
                "access": open_ones.get(kind),
            }
            for kind in SupportKind
        ],
        "is_open": bool(open_ones),
        "page": page,
        "uses": list_uses(organization_id=organization_id, limit=MOST_USES),
        "used": USED,
    }
    return render(request, "organizations/support/support_access.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.ORGANIZATION_MANAGE)
def give(request: OrganizationRequest, kind: str) -> HttpResponse:
    """Ask what it is about, then open one kind of content to support for seven days."""
    if kind not in SupportKind.values:
        raise NotFound
    form = GiveForm(request.POST if request.method == "POST" else None)
    status = 200 if request.method != "POST" else 422
    if form.is_valid():
        try:
            give_support_access(
                organization_id=request.organization.pk,
                kind=kind,
                reason=form.cleaned_data["reason"],
                user_id=request.user.pk,
                actor=request.actor,
                at=request.at,
            )
        except SupportAlreadyOpen as refusal:
            form.add_error(None, str(refusal.message))
            status = refusal.status
        else:
            messages.success(request, _("Support has access now."))
            return redirect("organizations:support_access", organization_id=request.organization.pk)
    wanted = SupportKind(kind)
    context = {"form": form, "label": wanted.label, "description": DESCRIPTIONS[wanted], "days": LASTS.days}
    return render(request, "organizations/support/give.html", context, status=status)


@require_POST
@organization_view(Permission.ORGANIZATION_MANAGE)
def revoke(request: OrganizationRequest, support_grant_id: int) -> HttpResponse:
    """Take support access back at once."""
    revoke_support_access(
        organization_id=request.organization.pk,
        grant_id=support_grant_id,
        actor=request.actor,
        at=request.at,
    )
    messages.success(request, _("Support has no access to this any more."))
    return redirect("organizations:support_access", organization_id=request.organization.pk)
