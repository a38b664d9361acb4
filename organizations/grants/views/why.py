"""The page that answers: why does somebody see this? (ORG-13)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organizations.access.choices import find_products
from organizations.access.decisions import find_standing, require_standing
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import UNRESTRICTED, Permission
from organizations.access.selectors import list_product_access
from organizations.grants.forms import WhyForm
from organizations.grants.selectors import explain_why, get_visible_product, list_reach
from organizations.members.models import Membership
from organizations.members.selectors import get_member

MOST = 10


@require_safe
@organization_view(Permission.MEMBERSHIP_OWN)
def why(request: OrganizationRequest) -> HttpResponse:
    """Explain what a member may do, over role, teams and direct grants; others' for who manages members."""
    asked = WhyForm(request.GET).wanted()
    person = _find_person(request, asked["member"])
    organization_id = request.organization.pk
    is_own = person.pk == request.membership.pk
    standing = request.standing if is_own else find_standing(membership=person, at=request.at)
    context: dict[str, Any] = {
        "person": person,
        "is_own": is_own,
        "can_manage": Permission.MEMBERS_MANAGE in request.can,
        "sees_everything": person.role in UNRESTRICTED,
        "search": asked["q"] or "",
    }
    if asked["product"]:
        product = get_visible_product(standing=request.standing, product_id=asked["product"])
        context["why"] = explain_why(standing=standing, product=product)
        if Permission.MEMBERS_VIEW in request.can:
            context["who"] = asked["who"] or ""
            context["access"] = list_product_access(
                organization_id=organization_id,
                product_id=product.id,
                family=product.family,
                at=request.at,
                search=context["who"],
            )
    else:
        context["reach"] = list_reach(membership=person, at=request.at)
        scope = request.product_scope
        found = find_products(organization_id, search=context["search"], limit=200)
        context["products"] = [p for p in found if scope.may_view(p.id, p.family)][:MOST]
    return render(request, "organizations/grants/why.html", context)


def _find_person(request: OrganizationRequest, member: int | None) -> Membership:
    """Return whose access is asked about; the own without a right over members.

    :raises NotFound: no such member.
    :raises MissingPermission: it is somebody else's, and the person does not manage members.
    """
    if member is None or member == request.membership.pk:
        return request.membership
    require_standing(request.standing, Permission.MEMBERS_MANAGE)
    return get_member(organization_id=request.organization.pk, membership_id=member)
