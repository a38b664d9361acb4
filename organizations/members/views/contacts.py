"""Which administrative mails a member gets: set by who manages members, and by each for oneself (ORG-11)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import Permission
from organizations.members.forms import TopicsForm
from organizations.members.services import choose_topics
from organizations.members.topics import effective_topics


@require_POST
@organization_view(Permission.MEMBERS_MANAGE)
def of_member(request: OrganizationRequest, membership_id: int) -> HttpResponse:
    """Set which administrative mails a member gets."""
    _choose(request, membership_id)
    messages.success(request, _("The choice of mails is saved."))
    return redirect(
        "organizations:member", organization_id=request.organization.pk, membership_id=membership_id
    )


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.MEMBERSHIP_OWN)
def own(request: OrganizationRequest) -> HttpResponse:
    """Show and set which administrative mails oneself gets."""
    member = request.membership
    if request.method == "POST":
        _choose(request, member.pk)
        messages.success(request, _("The choice of mails is saved."))
        return redirect("organizations:own_topics", organization_id=request.organization.pk)
    topics = effective_topics(member.topics, member.role, has_billing=member.has_billing)
    form = TopicsForm(initial={"topics": sorted(topics)})
    context = {"form": form, "options": form.options(has_billing=member.has_billing)}
    return render(request, "organizations/members/own_topics.html", context)


def _choose(request: OrganizationRequest, membership_id: int) -> None:
    """Set the mails; whatever the verb does not know it refuses."""
    choose_topics(
        organization_id=request.organization.pk,
        membership_id=membership_id,
        topics=set(request.POST.getlist("topics")[:20]),
        changer=request.membership,
        actor=request.actor,
        at=request.at,
    )
