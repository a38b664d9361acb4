"""Who a person is in an organization, what that allows, and why: one place for pages and the API."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError, Text
from manager.kit.ids import MAX_ID
from manager.kit.prepared import Prepared
from manager.kit.scope import tenant_scope
from organizations.access.choices import ProductRef
from organizations.access.grants import ProductScope, grants_of, product_scope_of
from organizations.access.models import Grant, Level
from organizations.access.roles import (
    BILLING_PERMISSIONS,
    PERMISSION_LABELS,
    ROLE_PERMISSIONS,
    UNRESTRICTED,
    Permission,
    Role,
    permissions_of,
)
from organizations.members.models import Membership
from organizations.profile.models import Organization

MOST_NAMED = 5


class MissingPermission(DomainError):
    """A member lacks a right; `context` names it and who can give it."""

    code = "access_denied"
    status = 403
    message = _("You do not have the right to do this in the organization.")


class ReasonKind(StrEnum):
    """Where a right comes from."""

    ROLE = "role"
    BILLING = "billing"
    TEAM = "team"
    GRANT = "grant"
    SUPPORT = "support"


@dataclass(frozen=True, slots=True)
class Reason:
    """One source of a right: `label` is the role or the team; a grant is named by what it reaches."""

    kind: ReasonKind
    label: str
    level: str = ""
    family: str = ""
    grant_id: int | None = None
    team_id: int | None = None
    ends_at: datetime | None = None

    @property
    def last_moment(self) -> datetime | None:
        """The last second at which it counts; None without an end."""
        return None if self.ends_at is None else self.ends_at - timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether something is allowed, and everything that allows it; nothing else decides."""

    allowed: bool
    because: tuple[Reason, ...]
    missing: Text = ""


@dataclass(frozen=True, slots=True)
class Guest:
    """What somebody who is no member may do here for a while: the operator's support (ORG-15)."""

    can: frozenset[Permission]
    product_scope: ProductScope
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """A member at a moment, with the grants that count then, direct or by a team; or a guest.

    A guest's `membership` is no row: it has the id 0, which no member has, and the role of support.
    """

    membership: Membership
    grants: tuple[Grant, ...]
    guest: Guest | None = None

    @property
    def can(self) -> frozenset[Permission]:
        """What role and billing right allow."""
        if self.guest is not None:
            return self.guest.can
        return permissions_of(self.membership.role, has_billing=self.membership.has_billing)

    @property
    def product_scope(self) -> ProductScope:
        """The products that the member reaches."""
        if self.guest is not None:
            return self.guest.product_scope
        return product_scope_of(self.membership, self.grants)


@dataclass(frozen=True, slots=True)
class Access:
    """What a member may do in an organization."""

    organization: Organization
    membership: Membership
    can: frozenset[Permission]
    product_scope: ProductScope
    standing: Standing


def find_access(*, organization_id: int, user_id: int, at: datetime) -> Access | None:
    """Return what the person may do in the organization at `at`, or None to a stranger and for a missing one.

    The lookup runs in the scope of the organization without the person's own scope, so that row-level
    security alone finds no membership of another organization.
    """
    if not 0 < organization_id <= MAX_ID:
        return None
    with tenant_scope(organization_id, 0):
        membership = _MEMBERSHIP.first(organization_id=organization_id, user_id=user_id)
        if membership is None:
            return None
        standing = find_standing(membership=membership, at=at)
    return Access(
        organization=membership.organization,
        membership=membership,
        can=standing.can,
        product_scope=standing.product_scope,
        standing=standing,
    )


def _build_membership(*, organization_id: int, user_id: int) -> QuerySet[Membership]:
    found = Membership.objects.filter(organization_id=organization_id, user_id=user_id)
    return found.select_related("organization__second_factor_policy", "user")[:1]


_MEMBERSHIP: Prepared[Membership] = Prepared(_build_membership, planned_once=True)


def find_standing(*, membership: Membership, at: datetime) -> Standing:
    """Return a member with what counts for him or her at `at`; at most one query."""
    if membership.role in UNRESTRICTED:
        return Standing(membership, ())
    return Standing(membership, tuple(grants_of(membership, at=at)))


def explain(*, standing: Standing, permission: Permission, product: ProductRef | None = None) -> Explanation:
    """Return whether the member may do what `permission` stands for, and why: THE answer of the panel.

    With a `product` the question is about that one: its sight for `products:view`, its management for
    `products:manage`. Role and billing right come first (ORG-6); of a product, roles that see everything and
    the grants that reach it decide besides (ORG-13). `because` holds each source that suffices by itself.
    """
    if standing.guest is not None:
        return _explain_guest(standing.guest, permission, product)
    membership = standing.membership
    because = []
    if permission in ROLE_PERMISSIONS[membership.role]:
        because.append(_by_role(membership))
    if membership.has_billing and permission in BILLING_PERMISSIONS:
        because.append(Reason(ReasonKind.BILLING, label=""))
    if product is not None and because and membership.role not in UNRESTRICTED:
        because = [_by_grant(grant) for grant in standing.grants if _suffices(grant, permission, product)]
    return Explanation(bool(because), tuple(because), PERMISSION_LABELS[permission])


def _explain_guest(guest: Guest, permission: Permission, product: ProductRef | None) -> Explanation:
    allowed = permission in guest.can
    if allowed and product is not None:
        scope = guest.product_scope
        reaches = scope.may_view if permission == Permission.PRODUCTS_VIEW else scope.may_manage
        allowed = reaches(product.id, product.family)
    because = (Reason(ReasonKind.SUPPORT, label="", ends_at=guest.ends_at),) if allowed else ()
    return Explanation(allowed, because, PERMISSION_LABELS[permission])


def _suffices(grant: Grant, permission: Permission, product: ProductRef) -> bool:
    reaches = grant.family == product.family if grant.family else grant.product_id == product.id
    return reaches and (permission == Permission.PRODUCTS_VIEW or grant.level == Level.MANAGE)


def _by_role(membership: Membership) -> Reason:
    return Reason(ReasonKind.ROLE, label=str(Role(membership.role).label), level=Level.MANAGE)


def _by_grant(grant: Grant) -> Reason:
    team = grant.team
    return Reason(
        ReasonKind.GRANT if team is None else ReasonKind.TEAM,
        label="" if team is None else team.name,
        level=grant.level,
        family=grant.family,
        grant_id=grant.pk,
        team_id=None if team is None else team.pk,
        ends_at=grant.ends_at,
    )


def require_permission(access: Access, permission: Permission) -> None:
    """Let the member pass when `permission` is among his or her rights; see `require_standing`."""
    require_standing(access.standing, permission)


def require_standing(standing: Standing, permission: Permission) -> None:
    """Let a member pass whom role or billing right allow it.

    :raises MissingPermission: they do not; the error says who can give it.
    """
    explanation = explain(standing=standing, permission=permission)
    if not explanation.allowed:
        organization_id = standing.membership.organization_id
        raise MissingPermission(
            permission=str(permission),
            missing=str(explanation.missing),
            granted_by=list_granting_names(organization_id=organization_id, permission=permission),
        )


def giving(permission: str = "") -> Q:
    """Return the condition for members who can give `permission`; "": access to products."""
    if permission in BILLING_PERMISSIONS:
        return Q(role=Role.LEGAL_REPRESENTATIVE) | Q(role=Role.ADMINISTRATOR, has_billing=True)
    return Q(role__in=UNRESTRICTED)


def list_granting_names(*, organization_id: int, permission: str = "") -> list[str]:
    """Return the names of up to five members who can give a right, legal representatives first."""
    with tenant_scope(organization_id, 0):
        leading = (
            Membership.objects.select_related("user")
            .filter(giving(permission), organization_id=organization_id)
            .order_by("-role", "id")[:MOST_NAMED]
        )
        return [membership.user.name for membership in leading]
