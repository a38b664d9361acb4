"""The guard of an organization's API operations; the twin of `guard.py`."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.exceptions import MethodNotAllowed, NotFound
from rest_framework.response import Response

from accounts.sessions.guards import SAFE
from accounts.tokens.api import PersonAPIRequest, PersonAPIView
from manager.kit.ids import parse_id
from manager.kit.scope import tenant_scope
from organizations.access.decisions import Access, Standing, find_access, require_permission
from organizations.access.grants import ProductScope
from organizations.access.guard import permission_for
from organizations.access.locks import OrganizationDeleted, came_too_late
from organizations.access.memberships import find_last_used_id
from organizations.access.policies import check_policies, note_visit
from organizations.access.roles import Permission
from organizations.members.models import Membership
from organizations.profile.models import Organization

CURRENT = "current"
EVERY_PRODUCT = "products *"


class OrganizationAPIRequest(PersonAPIRequest):
    """A request that the guard has let in."""

    organization: Organization
    membership: Membership
    can: frozenset[Permission]
    product_scope: ProductScope
    standing: Standing


class OrganizationAPIView(PersonAPIView):
    """An operation on `/api/…/organizations/<organization>/…` (API-2).

    `<organization>` is an id or `current`. `permissions` names the right that each method demands of
    the member, `scopes` (of PersonAPIView) what it demands of the token. A token that is bound to one
    organization reaches no other. The handler runs in the scope of the organization and the person;
    safe methods run in one transaction.
    """

    permissions: dict[str, Permission] = {}

    def dispatch(
        self, request: HttpRequest, *args: Any, organization: str = "", **kwargs: Any
    ) -> HttpResponseBase:
        """Answer the request; the scope ends with the handler."""
        self.organization_key = organization
        return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """Authenticate, check the token's scope, then the person's rights; enter the scope."""
        super().initial(request, *args, **kwargs)
        access = self._find_access(request)
        if access is None:
            raise NotFound
        request.organization = access.organization
        request.membership = access.membership
        request.can = access.can
        request.product_scope = access.product_scope
        request.standing = access.standing
        # On the one stack of the person's scope, so that they end in the opposite order.
        self._person_scope.enter_context(tenant_scope(access.organization.pk, request.user.pk))
        if request.method in SAFE:
            self._person_scope.enter_context(transaction.atomic())
        if request.method != "OPTIONS" and request.method not in self.permissions:
            raise MethodNotAllowed(request.method)
        check_policies(access.membership, at=request.at)
        wanted = self.permissions.get("GET", Permission.ORGANIZATION_VIEW)
        require_permission(access, permission_for({"*": wanted, **self.permissions}, request.method))
        note_visit(access.membership, at=request.at)

    def sight_of(self, request: Any) -> frozenset[str]:
        """Return names for everything that the token and the member are allowed here."""
        scope: ProductScope = request.product_scope
        reach = {f"products {family}" for family in scope.families}
        reach |= {f"products {product_id}" for product_id in scope.product_ids}
        rights = {f"right {right}" for right in request.can}
        every = {EVERY_PRODUCT} if scope.everything else reach
        return super().sight_of(request) | rights | every

    def may_see_again(self, request: Any, sight: frozenset[str]) -> bool:
        """Return whether an answer that was made for `sight` may be given once more."""
        if request.product_scope.everything:
            sight = frozenset(name for name in sight if not name.startswith("products "))
        return super().may_see_again(request, sight)

    def handle_exception(self, exc: Exception) -> Response:
        """Answer with a refusal; also where the database refused a row of a deleted organization."""
        answer: Response = super().handle_exception(OrganizationDeleted() if came_too_late(exc) else exc)
        return answer

    def _find_access(self, request: Any) -> Access | None:
        bound = getattr(request.auth, "organization_id", None)
        if self.organization_key == CURRENT:
            wanted = bound or find_last_used_id(user_id=request.user.pk)
        else:
            wanted = parse_id(self.organization_key)
        if wanted is None or (bound and bound != wanted):
            return None
        return find_access(organization_id=wanted, user_id=request.user.pk, at=request.at)
