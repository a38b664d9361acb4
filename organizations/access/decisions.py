"""Who a person is in an organization, and what that allows: one place for pages and the API."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError
from manager.kit.scope import tenant_scope
from organizations.access.grants import ProductScope, product_scope_of
from organizations.access.roles import PERMISSION_LABELS, UNRESTRICTED, Permission, permissions_of
from organizations.members.models import Membership
from organizations.profile.models import Organization

BIGGEST_ID = 2**63 - 1


class MissingPermission(DomainError):
    """A member lacks a right; `context` names it and who can give it."""

    code = "access_denied"
    status = 403
    message = _("You do not have the right to do this in the organization.")


@dataclass(frozen=True, slots=True)
class Access:
    """What a member may do in an organization."""

    organization: Organization
    membership: Membership
    can: frozenset[Permission]
    product_scope: ProductScope


def find_access(*, organization_id: int, user_id: int) -> Access | None:
    """Return what the person may do in the organization, or None to a stranger and for a missing one.

    The lookup runs in the scope of the organization without the person's own scope, so that row-level
    security alone finds no membership of another organization.
    """
    if not 0 < organization_id <= BIGGEST_ID:
        return None
    with tenant_scope(organization_id, 0):
        membership = (
            Membership.objects.select_related("organization", "user")
            .filter(organization_id=organization_id, user_id=user_id)
            .first()
        )
        if membership is None:
            return None
        return Access(
            organization=membership.organization,
            membership=membership,
            can=permissions_of(membership.role, has_billing=membership.has_billing),
            product_scope=product_scope_of(membership),
        )


def require_permission(access: Access, permission: Permission) -> None:
    """Let the member pass when `permission` is among his or her rights.

    :raises MissingPermission: it is not; the error says who can give it.
    """
    if permission not in access.can:
        raise MissingPermission(
            permission=str(permission),
            missing=str(PERMISSION_LABELS[permission]),
            granted_by=list_granting_names(organization_id=access.organization.pk),
        )


def list_granting_names(*, organization_id: int) -> list[str]:
    """Return the names of up to five members who can give rights, legal representatives first."""
    with tenant_scope(organization_id, 0):
        leading = (
            Membership.objects.select_related("user")
            .filter(organization_id=organization_id, role__in=UNRESTRICTED)
            .order_by("-role", "id")[:5]
        )
        return [membership.user.name for membership in leading]
