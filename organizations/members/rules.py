"""Who may change whom: the rules of roles that hold whatever page or client asks (ORG-8, ORG-9)."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from manager.kit.errors import DomainError
from organizations.access.roles import GIVES, Role
from organizations.members.models import Membership


class RoleNotGivable(DomainError):
    """The actor's own role does not allow giving or taking that role."""

    code = "role_not_givable"
    status = 403
    field = "role"
    message = _("Only a legal representative can give or take that role.")


class BillingNotGivable(DomainError):
    """The actor does not have the billing right and cannot give it."""

    code = "billing_not_givable"
    status = 403
    field = "has_billing"
    message = _("You do not have billing rights yourself, so you cannot give them.")


class LastRepresentative(DomainError):
    """The organization would be left without a legal representative."""

    code = "last_representative"
    status = 409
    field = "role"
    message = _("An organization needs a legal representative. Please name another one first.")


def check_role_givable(*, giver: Membership, roles: Collection[str]) -> None:
    """Let `giver` give and take `roles`, the old and the new one of a member (ORG-8).

    :raises RoleNotGivable: one of them is above the giver.
    """
    if not GIVES[giver.role].issuperset(roles):
        raise RoleNotGivable


def check_billing_givable(*, giver: Membership) -> None:
    """Let `giver` give the billing right, which a legal representative or a holder may.

    :raises BillingNotGivable: neither.
    """
    if giver.role != Role.LEGAL_REPRESENTATIVE and not giver.has_billing:
        raise BillingNotGivable


def keep_one_representative(*, organization_id: int, without: Collection[int]) -> None:
    """Make sure that a legal representative is left when the memberships `without` go (ORG-9).

    The caller holds `lock_members`.

    :raises LastRepresentative: none would be left.
    """
    left = Membership.objects.filter(organization_id=organization_id, role=Role.LEGAL_REPRESENTATIVE)
    if not left.exclude(pk__in=without).exists():
        raise LastRepresentative
