"""Pages that give and end access to products (ORG-13)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from manager.kit.clock import end_of_day
from manager.kit.errors import DomainError
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.models import Grant, Level
from organizations.access.roles import Permission
from organizations.grants.choices import offer_families, offer_holders, offer_products
from organizations.grants.forms import GrantForm, SearchesForm
from organizations.grants.services import end_grant, grant_access


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.MEMBERS_MANAGE)
def grant(request: OrganizationRequest) -> HttpResponse:
    """Let a member or a team see or manage products; `find` looks for more to choose from."""
    if request.method != "POST" or "find" in request.POST:
        return _show(request, GrantForm(initial={"level": Level.VIEW}))
    form = GrantForm(request.POST)
    if form.is_valid() and (grants := _grant(request, form)):
        note = ngettext("The access is granted.", "%(count)d grants are given.", len(grants))
        messages.success(request, note % {"count": len(grants)})
        return _to_holder(request, grants[0])
    return _show(request, form)


def _grant(request: OrganizationRequest, form: GrantForm) -> list[Grant]:
    given = form.cleaned_data
    try:
        return grant_access(
            organization_id=request.organization.pk,
            targets=given["what"],
            level=given["level"],
            ends_at=end_of_day(given["until"], request.organization.time_zone) if given["until"] else None,
            granter=request.membership,
            actor=request.actor,
            at=request.at,
            **given["who"],
        )
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else "who", str(error.message))
        return []


def _show(request: OrganizationRequest, form: GrantForm) -> HttpResponse:
    sent = request.POST if request.method == "POST" else request.GET
    searches = SearchesForm(sent).wanted()
    chosen = sent.getlist("what")
    who = sent.get("who", "") or next(
        (f"{kind}:{sent[kind]}" for kind in ("team", "member") if kind in sent), ""
    )
    if product := sent.get("product"):
        chosen = [*chosen, f"product:{product}"]
    context = {
        "form": form,
        "searches": searches,
        "holders": offer_holders(organization=request.organization, chosen=who, search=searches["find_who"]),
        "families": offer_families(chosen=chosen),
        "products": offer_products(
            organization=request.organization, chosen=chosen, search=searches["find_what"]
        ),
        "level": sent.get("level", Level.VIEW),
        "levels": Level.choices,
        "until": sent.get("until", "")[:10],
    }
    return render(request, "organizations/grants/grant.html", context, status=422 if form.errors else 200)


@require_POST
@organization_view(Permission.MEMBERS_MANAGE)
def end(request: OrganizationRequest, grant_id: int) -> HttpResponse:
    """End a grant at once."""
    ended = end_grant(
        organization_id=request.organization.pk,
        grant_id=grant_id,
        ender=request.membership,
        actor=request.actor,
        at=request.at,
    )
    messages.success(request, _("The access has ended."))
    return _to_holder(request, ended)


def _to_holder(request: OrganizationRequest, row: Grant) -> HttpResponse:
    organization_id = request.organization.pk
    if row.team_id is not None:
        return redirect("organizations:team", organization_id=organization_id, team_id=row.team_id)
    return redirect("organizations:member", organization_id=organization_id, membership_id=row.membership_id)
