"""The guard of an organization's pages: who comes in, with which rights, in which scope."""

from collections.abc import Callable
from contextlib import ExitStack
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from accounts.sessions.guards import SAFE, PersonRequest, ask_to_sign_in, enter_request, rendered
from manager.kit.scope import tenant_scope
from organizations.access.decisions import (
    Access,
    MissingPermission,
    Standing,
    find_access,
    require_permission,
)
from organizations.access.grants import ProductScope
from organizations.access.guests import Visit, find_visit
from organizations.access.locks import refusing_deleted
from organizations.access.policies import SecondFactorMissing, check_policies, note_visit
from organizations.access.roles import Permission
from organizations.members.models import Membership
from organizations.profile.models import Organization

View = Callable[..., HttpResponseBase]


class OrganizationRequest(PersonRequest):
    """A request that the guard has let in."""

    organization: Organization
    membership: Membership
    can: frozenset[Permission]
    product_scope: ProductScope
    standing: Standing
    # Set where the operator's support works here by support access (ORG-15).
    visit: Visit | None


def organization_view(
    permission: Permission, *, in_transaction: bool = True, **by_method: Permission
) -> Callable[[View], View]:
    """Open a page of an organization to members with `permission`, or with another one for a method.

    The route has `<int:organization_id>`, which the guard takes; the view finds `request.organization`
    and the rest of OrganizationRequest. Anonymous people sign in first; strangers get the answer of a
    missing page; members without the right are told which one is missing and who can give it.
    The operator's support comes in by support access alone (`organizations.access.guests`).
    The view runs in the scope of the organization and of the person; safe methods run in one
    transaction, others not, so that verbs can commit their steps. With `in_transaction=False` safe methods
    run without one, too: for pages that a payment provider sends people back to.
    """
    wanted = {"*": permission, **by_method}

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(
            request: HttpRequest, *args: Any, organization_id: int, **kwargs: Any
        ) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return ask_to_sign_in(request)
            asked = enter_request(request)
            access, visit = _find_access(asked, organization_id)
            entered = _enter(asked, access, visit)
            with ExitStack() as stack:
                stack.enter_context(refusing_deleted())
                stack.enter_context(tenant_scope(organization_id, access.membership.user_id))
                if request.method in SAFE and in_transaction:
                    stack.enter_context(transaction.atomic())
                try:
                    check_policies(access.membership, at=entered.at)
                    require_permission(access, permission_for(wanted, request.method))
                except MissingPermission as error:
                    return _refuse(request, error)
                except SecondFactorMissing:
                    return render(request, "organizations/policies/missing.html", status=403)
                note_visit(access.membership, at=entered.at)
                return rendered(view(entered, *args, **kwargs))

        guarded.permissions = wanted  # type: ignore[attr-defined]  # read by the resolver walk
        return guarded

    return guard


def permission_for(wanted: dict[str, Permission], method: str | None) -> Permission:
    """Return the permission that `wanted` demands for an HTTP method; HEAD and OPTIONS are as GET."""
    name = "GET" if method in SAFE else str(method)
    return wanted.get(name, wanted["*"])


def _find_access(request: PersonRequest, organization_id: int) -> tuple[Access, Visit | None]:
    """Return what the person may do as a member, else as the operator's support; 404 to everybody else."""
    access = find_access(organization_id=organization_id, user_id=request.user.pk, at=request.at)
    if access is not None:
        return access, None
    visit = find_visit(request, organization_id)
    if visit is None:
        raise Http404
    return visit.access, visit


def _enter(request: PersonRequest, access: Access, visit: Visit | None) -> OrganizationRequest:
    entered: Any = request
    entered.visit = visit
    if visit is not None:
        entered.actor = visit.actor
    entered.organization = access.organization
    entered.membership = access.membership
    entered.can = access.can
    entered.product_scope = access.product_scope
    entered.standing = access.standing
    return entered  # type: ignore[no-any-return]  # the same request


def _refuse(request: HttpRequest, error: MissingPermission) -> HttpResponse:
    names = ", ".join(error.context["granted_by"])
    context = {
        "missing": error.context["missing"],
        "granted_by": names,
        "permission": error.context["permission"],
    }
    return render(request, "errors/403.html", context, status=403)
