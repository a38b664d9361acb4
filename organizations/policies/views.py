"""The page of a required second factor, and how to stop demanding it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.users.selectors import has_second_factor
from manager.kit.clock import day_in
from manager.kit.errors import DomainError, NotFound
from organizations.access.guard import OrganizationRequest, organization_view
from organizations.access.roles import GIVES, Permission, Role
from organizations.policies.forms import SecondFactorForm
from organizations.policies.models import SecondFactorPolicy
from organizations.policies.selectors import count_missing_by_role, find_second_factor_policy
from organizations.policies.services import lift_second_factor, require_second_factor
from organizations.policies.services.require import RoleOutOfReach, SetterLacksFactor


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.ORGANIZATION_MANAGE)
def second_factor(request: OrganizationRequest) -> HttpResponse:
    """Show of whom a second factor is demanded from when, and how many have none; change it."""
    policy = find_second_factor_policy(organization_id=request.organization.pk)
    data = request.POST if request.method == "POST" else None
    present = {"roles": policy.roles, "required_on": policy.required_on} if policy else {}
    form = SecondFactorForm(data, initial=present)
    error: DomainError | None = None
    if form.is_valid():
        try:
            require_second_factor(
                organization_id=request.organization.pk,
                setter=request.membership,
                actor=request.actor,
                at=request.at,
                **form.as_demand(),
            )
        except DomainError as refusal:
            error = refusal
            form.add_error(refusal.field, str(refusal.message))
        else:
            messages.success(request, _("It is saved. Members without a second factor are told by mail."))
            return redirect("organizations:second_factor_policy", organization_id=request.organization.pk)
    return _show(request, policy, form, status=200 if data is None else error.status if error else 422)


def _show(
    request: OrganizationRequest, policy: SecondFactorPolicy | None, form: SecondFactorForm, *, status: int
) -> HttpResponse:
    missing = count_missing_by_role(organization_id=request.organization.pk)
    reachable = GIVES[request.membership.role]
    chosen = set(form["roles"].value() or [])
    context = {
        "policy": policy,
        "form": form,
        "roles": [
            {
                "value": role.value,
                "label": role.label,
                "missing": missing.get(role.value, 0),
                "checked": role.value in chosen,
                "reason": "" if role in reachable else RoleOutOfReach.message,
            }
            for role in Role
        ],
        "reason": _reason(request, policy),
        "is_due": policy is not None and policy.is_due(day_in(request.organization.time_zone, request.at)),
    }
    return render(request, "organizations/policies/second_factor.html", context, status=status)


def _reason(request: OrganizationRequest, policy: SecondFactorPolicy | None) -> object:
    """Return why the person cannot change the demand; empty where it is possible."""
    if not has_second_factor(request.user):
        return SetterLacksFactor.message
    if policy is not None and not GIVES[request.membership.role].issuperset(policy.roles):
        return RoleOutOfReach.message
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
@organization_view(Permission.ORGANIZATION_MANAGE)
def lift(request: OrganizationRequest) -> HttpResponse:
    """Ask, then stop demanding a second factor."""
    organization_id = request.organization.pk
    if find_second_factor_policy(organization_id=organization_id) is None:
        raise NotFound
    if request.method != "POST":
        return render(request, "organizations/policies/lift.html")
    lift_second_factor(
        organization_id=organization_id, setter=request.membership, actor=request.actor, at=request.at
    )
    messages.success(request, _("A second factor is not required any more."))
    return redirect("organizations:second_factor_policy", organization_id=organization_id)
